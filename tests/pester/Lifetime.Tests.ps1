# How long a sandbox lives, and what it uses while it does.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'life'
    if ($EngineProblem) { return }

    $sandboxes = New-TestSandbox 's' @{ Count = 2 }
    $sandbox = $sandboxes[0]
}

AfterAll { Exit-Suite }

Describe 'Set-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'sets how long they live from now on' {
        $set = $sandboxes | Set-Sandbox -Timeout 2h -PassThru
        $set.Name | Should -Be $sandboxes.Name
        $set | ForEach-Object { ($_.Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 118 }
        Set-Sandbox $sandbox 10m | Should -BeNullOrEmpty
        ((Get-Sandbox "$Prefix*" | Where-Object Name -EQ $sandbox.Name).Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeLessThan 11
    }

    It 'can end one sooner than it would have' {
        $short = New-TestSandbox 'short'
        $null = Set-Sandbox $short 1
        $patience = [datetime]::UtcNow.AddSeconds(20)
        while ((Get-Sandbox $short.Name).State -eq 'Running' -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 100 }
        (Get-Sandbox $short.Name).State | Should -Be Stopped
        (Get-ErrorOf { Set-Sandbox $short 1h }).FullyQualifiedErrorId | Should -Match '^SandboxNotRunning,'
        Remove-Sandbox $short -Confirm:$false
    }

    It 'refuses what is no lifetime' {
        (Get-ErrorOf { Set-Sandbox $sandbox 0 }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }
}

Describe 'Measure-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'measures each once' {
        $metrics = $sandboxes | Measure-Sandbox
        $metrics.Sandbox.Name | Should -Be $sandboxes.Name
        foreach ($one in $metrics) {
            $one.MemoryUsed | Should -BeGreaterThan 1MB
            $one.MemoryLimit | Should -Be 2GB
            $one.CpuLimit | Should -Be 2
            $one.Processes | Should -BeLessThan 256
            $one.ProcessLimit | Should -Be 256
        }
    }

    It 'measures again and again, and sees what a command does' {
        $before = Measure-Sandbox $sandbox
        $process = Start-SandboxProcess 'while :; do :; done' $sandbox
        $metrics = Measure-Sandbox $sandbox -Interval 0.3 -Count 3
        $process | Stop-SandboxProcess -GracePeriod 0
        $metrics.Count | Should -Be 3
        $metrics[-1].CpuPercent | Should -BeGreaterThan 1 # others may want the cores too
        $metrics[-1].CpuTime | Should -BeGreaterThan $before.CpuTime
        $metrics[2].Time - $metrics[0].Time | Should -BeGreaterThan ([timespan]'0:0:0.5')
    }

    It 'goes on until nobody wants more' {
        (Measure-Sandbox $sandbox -Interval 0.05 | Select-Object -First 4).Count | Should -Be 4
    }
}

Describe 'Get-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'says which agent a sandbox has' {
        $sandbox.AgentVersion | Should -Match '^\d+\.\d+\.\d+$'
        $sandbox | Format-List | Out-String | Should -Match "Agent +: $([regex]::Escape($sandbox.AgentVersion))"
    }
}

Describe 'A sandbox without an agent' {
    BeforeEach { Assert-Engine }

    It 'runs commands, says that it has none, and what cannot be done' {
        $folder = New-TestFolder
        $before = $env:FLOURISHA_AGENT
        $env:FLOURISHA_AGENT = $folder
        try {
            $bare = New-TestSandbox 'bare'
            $bare.AgentVersion | Should -BeNullOrEmpty
            $bare | Format-List | Out-String | Should -Match 'Agent +: none: commands go through the Docker Engine'
            (Invoke-SandboxCommand 'echo hi' $bare).Output | Should -Be "hi`n"
            (Get-ErrorOf { Start-SandboxProcess 'sleep 1' $bare }).FullyQualifiedErrorId | Should -Match '^AgentUnavailable,'
            (Get-ErrorOf { Set-Sandbox $bare 1h }).CategoryInfo.Category | Should -Be ResourceUnavailable
            $bare | Remove-Sandbox -Confirm:$false
        }
        finally {
            $env:FLOURISHA_AGENT = $before
            Remove-Item $folder -Recurse
        }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        $sandboxes | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
