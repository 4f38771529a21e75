# What a person sees: the table and the list of every type, 100 columns wide, and nothing in it that steers a terminal.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'view'

    $hostile = "a`e[2J`ab`u{9b}31mc`rd"

    # Objects as the cmdlets give them, with everything in them that could be too long or hostile.
    $sandbox = [FlourishaSandbox.Sandboxes.Sandbox]@{
        Id = 'f00d' * 16; Name = 'web-' + 'x' * 59; State = 'Running'; Image = 'registry.example:5000/a/very/long/path/to/an/image:with-a-tag'
        Owner = 'somebody@somewhere'; CreatedAt = [DateTimeOffset]::UtcNow.AddMinutes(-5); Deadline = [DateTimeOffset]::UtcNow.AddMinutes(55.5)
        Engine = 'unix:///var/run/docker.sock'; Metadata = [System.Collections.Generic.Dictionary[string, string]]@{}
        Ports = [FlourishaSandbox.Sandboxes.SandboxPort[]]@(8000, 5173, 3000 | ForEach-Object { [FlourishaSandbox.Sandboxes.SandboxPort]::new($_, '127.0.0.1', 30000 + $_) })
    }
    $bytes = [System.Text.Encoding]::UTF8.GetBytes("$hostile and more $('x' * 200)`nsecond`n")
    $result = [FlourishaSandbox.Commands.CommandResult]::new($bytes, $bytes)
    foreach ($set in @{ Sandbox = $sandbox; Command = 'x'; ExitCode = 1; Duration = [timespan]'0:0:2.5' }.GetEnumerator()) {
        [FlourishaSandbox.Commands.CommandResult].GetProperty($set.Key).SetValue($result, $set.Value)
    }
    $item = [FlourishaSandbox.Files.SandboxItem]@{ Sandbox = $sandbox; Path = "/workspace/$hostile/$('x' * 100)"; Type = 'Link'; Size = 1536; Permissions = 511; Owner = $hostile; Group = $hostile; LinkTarget = $hostile }
    $refused = [FlourishaSandbox.Files.RefusedEntry[]]@([FlourishaSandbox.Files.RefusedEntry]::new($hostile, 'is a pipe'))
    $process = [FlourishaSandbox.Processes.SandboxProcess]@{ Sandbox = $sandbox; Id = 32768; Command = "sh -c $hostile $('x' * 200)"; Tag = 'a-very-long-tag-indeed'; WorkingDirectory = "/$hostile"; StartedAt = [DateTimeOffset]::UtcNow; EndedAt = [DateTimeOffset]::UtcNow; ExitCode = 137; OutputBytes = 1536 }
    $objects = @{
        Sandbox          = $sandbox
        CommandResult    = $result
        OutputLine       = [FlourishaSandbox.Commands.OutputLine]::new($sandbox, 'Error', "$hostile $('x' * 200)")
        SandboxItem      = $item
        HostAddress      = [FlourishaSandbox.Hosting.HostAddress]@{ Sandbox = $sandbox; Port = 8000; Url = [uri]'http://127.0.0.1:38000/'; Public = $false }
        SandboxImage     = [FlourishaSandbox.Images.SandboxImage]@{ Id = 'sha256:' + 'f00d' * 16; Name = 'flourisha-sandbox/fullstack:0123456789ab'; Template = 'fullstack'; Size = 1GB; CreatedAt = [DateTimeOffset]::UtcNow }
        StaleItem        = [FlourishaSandbox.Sandboxes.StaleItem]@{ Kind = 'Sandbox'; Name = 'calc'; Id = 'a' * 64; Reason = 'its deadline passed 2 h ago'; Sandbox = $sandbox }
        SandboxProcess   = $process
        StoppedProcess   = [FlourishaSandbox.Processes.StoppedProcess]::new($process, [FlourishaSandbox.Processes.EndedProcess[]]@(1..30 | ForEach-Object { [FlourishaSandbox.Processes.EndedProcess]::new($_, $hostile) }))
        SandboxMetrics   = [FlourishaSandbox.Processes.SandboxMetrics]@{ Sandbox = $sandbox; Time = [DateTimeOffset]::UtcNow; CpuPercent = 100; CpuLimit = 2; CpuTime = '1:2:3'; MemoryUsed = 1023.4MB; MemoryLimit = 2GB; DiskUsed = 1023.4MB; DiskLimit = 10GB; Processes = 32768; ProcessLimit = 256; NetworkReceived = 1023.4MB; NetworkSent = 0 }
        SandboxFileEvent = [FlourishaSandbox.Files.SandboxFileEvent]::new($sandbox, "/workspace/$hostile/$('x' * 100)", 'AttributesChanged', [DateTimeOffset]::UtcNow)
        CopiedItem       = [FlourishaSandbox.Files.CopiedItem]::new($sandbox, "/workspace/$hostile/$('x' * 100)", "/home/$hostile/$('x' * 100)", 3, 1536, $refused)
    }
}

AfterAll { Exit-Suite }

Describe 'The view of <Type>' -ForEach @(
    @{ Type = 'Sandbox'; Header = 'Name                 State     From             Age Ends    Id           Ports'; Labels = 'Name, Id, State, Template, Image, Owner, Created, Deadline, OnTimeout, Isolation, Network, Memory, Cpus, PidLimit, Disk, OutputLimit, OutOfMemory, User, WorkingDirectory, Ports, Metadata, Agent, Engine' }
    @{ Type = 'CommandResult'; Header = 'Sandbox              ExitCode Duration Output'; Labels = 'Sandbox, Command, ExitCode, TimedOut, Exceeded, Duration, ProcessId, Killed, Truncated, Output, Error' }
    @{ Type = 'OutputLine'; Header = 'Sandbox              Source Text'; Labels = 'Sandbox, Source, Text' }
    @{ Type = 'SandboxItem'; Header = 'Mode       Owner           Size Modified         Path'; Labels = 'Sandbox, Path, Type, Mode, Owner, Group, Size, Modified, LinkTarget' }
    @{ Type = 'HostAddress'; Header = 'Sandbox               Port Ready Public Url'; Labels = 'Sandbox, Port, Url, Scheme, Routing, Public, Ready' }
    @{ Type = 'SandboxImage'; Header = 'Name                                     Template          Size   Age Id'; Labels = 'Name, Id, Template, Size, Created, User, WorkingDirectory' }
    @{ Type = 'StaleItem'; Header = 'Kind       Name                     Removed Reason'; Labels = 'Kind, Name, Id, Owner, Deadline, Reason, Removed' }
    @{ Type = 'SandboxProcess'; Header = 'Sandbox                   Id Tag          State     Age ExitCode Command'; Labels = 'Sandbox, Id, Tag, Command, WorkingDirectory, State, Started, Ended, ExitCode, TimedOut, Exceeded, HasTerminal, TreeSize, Output, Lost' }
    @{ Type = 'StoppedProcess'; Header = 'Sandbox                   Id Tag          ExitCode Killed'; Labels = 'Sandbox, Id, Tag, Command, ExitCode, Killed' }
    @{ Type = 'SandboxMetrics'; Header = 'Sandbox          Time        Cpu            Memory               Disk Processes  Received      Sent'; Labels = 'Sandbox, Time, Cpu, CpuLimit, CpuTime, Memory, Disk, IsDiskFull, Processes, ProcessLimit, MemoryKills, Received, Sent' }
    @{ Type = 'SandboxFileEvent'; Header = 'Sandbox              Time         Change            Path'; Labels = 'Sandbox, Time, Change, Path' }
    @{ Type = 'CopiedItem'; Header = 'Sandbox           Files     Size Refused Source                     Destination'; Labels = 'Sandbox, Source, Destination, Files, Bytes, Refused' }
) {
    It 'is a table by default' {
        $lines = $objects[$Type] | Out-String -Width 100 | ForEach-Object { $_ -split '\r?\n' -ne '' }

        $lines[0].TrimEnd() | Should -BeExactly $Header
        $lines[1] | Should -Match '^[- ]+$'
        $lines.Count | Should -Be 3
        $lines | Where-Object Length -GT 100 | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match '[\p{Cc}-[\t]]' } | Should -BeNullOrEmpty
    }

    It 'is a list where asked for' {
        $lines = $objects[$Type] | Format-List | Out-String -Width 100 | ForEach-Object { $_ -split '\r?\n' -ne '' }

        @($lines | Where-Object { $_ -match '^(\w+) +:' } | ForEach-Object { $Matches[1] }) -join ', ' | Should -BeExactly $Labels
        $lines | Where-Object Length -GT 100 | Should -BeNullOrEmpty
        $lines | Where-Object { $_ -match '[\p{Cc}-[\t]]' } | Should -BeNullOrEmpty
    }
}

Describe 'Tables' {
    It 'show a sandbox' {
        $row = ($sandbox | Out-String -Width 100) -split '\r?\n' -ne '' | Select-Object -Last 1
        $row | Should -Match '^web-x{15}… Running   registry.exam…    5m in 55m  f00df00df00d 33000->3000|38000->8000'
    }

    It 'show that there is no deadline, or that it is over' {
        $endless = [FlourishaSandbox.Sandboxes.Sandbox]@{ Id = 'a'; Name = 'e'; State = 'Stopped'; Template = 'minimal'; Image = 'i'; Owner = 'o'; CreatedAt = [DateTimeOffset]::UtcNow.AddDays(-3); Engine = 'x' }
        ($endless | Out-String -Width 100) -split '\r?\n' -ne '' | Select-Object -Last 1 | Should -Match '^e                    Stopped   minimal           3d never   a'
    }

    It 'show a time-out instead of an exit code' {
        $timedOut = [FlourishaSandbox.Commands.CommandResult]::new()
        foreach ($set in @{ Sandbox = $sandbox; Command = 'x'; TimedOut = $true }.GetEnumerator()) { [FlourishaSandbox.Commands.CommandResult].GetProperty($set.Key).SetValue($timedOut, $set.Value) }
        ($timedOut | Out-String -Width 100) -split '\r?\n' -ne '' | Select-Object -Last 1 | Should -Match ' timeout +0 ms *$'
    }

    It 'keep sandboxes of one pipeline in one table' {
        @(($sandbox, $sandbox | Out-String -Width 100) -split '\r?\n' -ne '').Count | Should -Be 4
    }
}

Describe 'Text' {
    It 'of each type says what a person would' {
        "$sandbox" | Should -Be $sandbox.Name
        "$($objects.HostAddress)" | Should -Be 'http://127.0.0.1:38000/'
        "$result" | Should -Be $result.Output
        "$($objects.SandboxImage)" | Should -Be 'flourisha-sandbox/fullstack:0123456789ab'
        "$item" | Should -Be $item.Path
    }

    It 'of a sandbox in JSON holds what a script needs' {
        $json = $sandbox | ConvertTo-Json -Depth 4 | ConvertFrom-Json
        $json.Name | Should -Be $sandbox.Name
        $json.Ports[0].HostPort | Should -Be 38000
        $json.Limits.Memory | Should -Be 2GB
    }
}

Describe 'What a sandbox wrote' {
    BeforeEach { Assert-Engine }

    It 'cannot steer the terminal through any view' {
        $made = New-TestSandbox 'evil'
        try {
            $ran = $made | Invoke-SandboxCommand 'printf "\033[2J\033]0;owned\007hidden\rshown\n"; printf "\033[31m" >&2; touch "/tmp/$(printf "x\033[2Jy")"'
            $lines = Invoke-SandboxCommand 'printf "\033[2Jtext\n"' $made -Stream
            $items = Get-SandboxChildItem /tmp $made
            $items.Name | Should -Be "x`e[2Jy"

            foreach ($objects in $ran, $lines, $items) {
                ($objects | Format-Table | Out-String) + ($objects | Format-List | Out-String) -replace '\r?\n' | Should -Not -Match '[\p{Cc}-[\t]]'
            }
            $ran.Output | Should -Match "^`e\[2J" -Because 'the value itself is what was written'
        }
        finally { $made | Remove-Sandbox -Confirm:$false }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
