# What was done to sandboxes, written down and read back.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'event'
    $auditBefore = $env:FLOURISHA_AUDIT
    $env:FLOURISHA_AUDIT = Join-Path $TestDrive 'audit/audit.jsonl'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 's'
}

AfterAll {
    Exit-Suite
    $env:FLOURISHA_AUDIT = $auditBefore
}

Describe 'Get-SandboxEvent' {
    BeforeEach { Assert-Engine }

    It 'gives what was done to a sandbox, by whom and how it ended' {
        $null = $sandbox | Invoke-SandboxCommand 'exit 3'
        'text' | Set-SandboxContent "$($sandbox.Name):/tmp/a"

        $events = $sandbox | Get-SandboxEvent
        $events.Action | Should -Be create, exec, file-write
        $events[0].SandboxId | Should -Be $sandbox.Id
        $events[0].Client | Should -Be New-Sandbox
        $events[1].ExitCode | Should -Be 3
        $events[1].Owner | Should -Be $env:FLOURISHA_OWNER
        $events[1].Duration.TotalMilliseconds | Should -BeGreaterThan 0
        $events.Result | Select-Object -Unique | Should -Be Succeeded
    }

    It 'filters by action, time and failure' {
        $then = [DateTimeOffset]::UtcNow
        $null = $sandbox | Invoke-SandboxCommand 'nothing-of-that-name'
        (Get-SandboxEvent "$Prefix*" -Action 'e*' -Since $then).Action | Should -Be exec
        (Get-SandboxEvent $sandbox -Failed -Since $then).ExitCode | Should -Be 127
        Get-SandboxEvent $sandbox -Until $then.AddHours(-1) | Should -BeNullOrEmpty
        (Get-SandboxEvent $sandbox -Last 1).Action | Should -Be exec
        (Get-SandboxEvent $sandbox -First 1).Action | Should -Be create
        (Get-ErrorOf { Get-SandboxEvent -Since $then -Until $then.AddHours(-1) }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }

    It 'merges what the engine says' {
        $events = Get-SandboxEvent $sandbox -Engine
        $events | Where-Object Origin -EQ Engine | ForEach-Object Action | Should -Contain start
        ($events.Time | Sort-Object) | Should -Be $events.Time
    }

    It 'masks secrets' {
        $null = $sandbox | Invoke-SandboxCommand 'echo API_KEY=hunter2'
        (Get-SandboxEvent $sandbox -Last 1).Detail.command | Should -Be 'echo API_KEY=***'
        Get-Content $env:FLOURISHA_AUDIT -Raw | Should -Not -Match 'hunter2'
    }

    It 'follows until it has enough' {
        $job = Start-ThreadJob {
            Import-Module $using:ModulePath
            Get-SandboxEvent -Action exec -Follow | Select-Object -First 1
        }
        while ($job.State -in 'NotStarted', 'Running') {
            $null = $sandbox | Invoke-SandboxCommand 'echo followed'
            Start-Sleep -Milliseconds 200
        }
        $job | Receive-Job -Wait -AutoRemoveJob | ForEach-Object { $_.Detail.command } | Should -Be 'echo followed'
    }

    It 'makes a table that says what matters' {
        $text = Get-SandboxEvent $sandbox | Format-Table | Out-String -Width 120
        $text | Should -Match 'Time\s+Action\s+Sandbox\s+Result\s+Duration What'
        $text | Should -Match 'exec\s+\S+\s+exit 3\s+\d+ ms exit 3'
    }
}
