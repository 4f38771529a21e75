# Ctrl+C in the middle: a PowerShell of its own gets SIGINT, and afterwards nothing is left and nothing runs.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'stop'

    # Runs a script in a child, interrupts it some milliseconds after it began, and waits for its end.
    function Invoke-Interrupted([string]$Script, [int]$After) {
        $child = Start-Child "$Script; 'not reached'"
        $child.StandardOutput.ReadLine() | Should -Be 'go'
        Start-Sleep -Milliseconds $After
        $null = kill -INT $child.Id
        $ended = Wait-Child $child -Seconds 30
        $ended.Ended | Should -BeTrue
        $ended.Output | Should -Not -Match 'not reached'
        $ended.Error | Should -BeNullOrEmpty
        $ended
    }
}

AfterAll { Exit-Suite }

Describe 'What makes sandboxes, interrupted' {
    BeforeEach { Assert-Engine }

    It 'New-Sandbox leaves nothing after <_> ms' -ForEach 0, 60, 120, 180, 260, 400 {
        $null = Invoke-Interrupted "New-Sandbox -Image $Image -Count 12 -ThrottleLimit 3 | Out-Null" $_

        Get-Container | Should -BeNullOrEmpty
    }

    It 'the line of the issue leaves nothing after <_> ms' -ForEach 150, 400, 1200 {
        $line = "1..3 | ForEach-Object { New-Sandbox -Image $Image -Name `"$Prefix`$_`" } | Invoke-SandboxCommand 'sleep 100' | Format-Table"
        $null = Invoke-Interrupted $line $_

        Get-Container | Should -BeNullOrEmpty
    }

    It 'a later statement of the same line leaves nothing either' {
        $null = Invoke-Interrupted "`$all = New-Sandbox -Image $Image -Count 2; `$all | Invoke-SandboxCommand 'sleep 100'" 1200

        Get-Container | Should -BeNullOrEmpty
    }
}

Describe 'What works in a sandbox, interrupted' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandbox = New-TestSandbox 'work'
        $folder = New-TestFolder
    }
    AfterAll {
        if ($EngineProblem) { return }
        Remove-Sandbox $sandbox -Confirm:$false
        Remove-Item $folder -Recurse -Force
    }
    BeforeEach { Assert-Engine }

    It 'Invoke-SandboxCommand leaves nothing running after <_> ms' -ForEach 0, 60, 150, 600 {
        $command = 'sleep 1001 & setsid sleep 1002 & (setsid sh -c "trap : TERM INT HUP; sleep 1003" &) ; sleep 1004'
        $null = Invoke-Interrupted "Invoke-SandboxCommand -Sandbox $($sandbox.Name) '$command'" $_

        Get-InnerProcess $sandbox | Should -BeNullOrEmpty
        (Invoke-SandboxCommand -Sandbox $sandbox 'echo alive').Output | Should -Be "alive`n"
    }

    It 'Invoke-SandboxCommand -Stream ends an endless command' {
        $null = Invoke-Interrupted "Invoke-SandboxCommand -Sandbox $($sandbox.Name) 'yes' -Stream | Out-Null" 700

        Get-InnerProcess $sandbox | Should -BeNullOrEmpty
    }

    It 'Copy-SandboxItem into a sandbox ends after <_> ms, and the sandbox lives on' -ForEach 100, 500 {
        $big = Join-Path $folder big
        $stream = [System.IO.File]::Create($big)
        $stream.SetLength(4GB)
        $stream.Dispose()

        $null = Invoke-Interrupted "Copy-SandboxItem '$big' '$($sandbox.Name):/tmp/big'" $_

        (Invoke-SandboxCommand -Sandbox $sandbox 'rm -f /tmp/big; echo alive' -User root).Output | Should -Be "alive`n"
    }

    It 'Copy-SandboxItem out of a sandbox leaves no half file after <_> ms' -ForEach 100, 500 {
        $null = Invoke-SandboxCommand -Sandbox $sandbox 'truncate -s 4G /tmp/huge' -FailOnNonZero
        $target = Join-Path $folder out
        $null = New-Item -ItemType Directory -Path $target -Force

        $null = Invoke-Interrupted "Copy-SandboxItem '$($sandbox.Name):/tmp/huge' '$target'" $_

        Get-ChildItem $target | Should -BeNullOrEmpty
    }

    It 'Get-SandboxHost -Wait ends' {
        $served = New-TestSandbox 'served' @{ Port = 8000 }
        $null = Invoke-Interrupted "Get-SandboxHost $($served.Name) 8000 -Wait -Timeout 5m" 500
        Remove-Sandbox $served -Confirm:$false
    }
}

Describe 'Build-SandboxImage, interrupted' {
    BeforeEach { Assert-Engine }

    It 'leaves no container that goes on building' {
        $folder = New-TestFolder
        $mark = "sleep 6$(Get-Random -Minimum 10000 -Maximum 99999)"
        Set-Content "$folder/Dockerfile" "FROM $Image`nRUN $mark"
        $building = { @(docker ps --no-trunc --format '{{.Command}}' | Where-Object { $_ -match $mark }) }
        try {
            $child = Start-Child "Build-SandboxImage -Path '$folder' -Name '${Prefix}image'"
            $patience = [datetime]::UtcNow.AddSeconds(20)
            while (-not (& $building) -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 50 }
            & $building | Should -HaveCount 1
            $null = kill -INT $child.Id
            (Wait-Child $child -Seconds 30).Ended | Should -BeTrue

            # The engine itself ends the step, when it notices that nobody listens.
            while ((& $building) -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 50 }
            & $building | Should -BeNullOrEmpty
        }
        finally { Remove-Item $folder -Recurse -Force }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
