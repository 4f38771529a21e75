# What sandboxes may use: changed while they run, enforced, and watched.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'limit'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 's' @{ Memory = 200MB; Disk = 64MB; OutputLimit = 100000 }
    $bomb = 'perl -e ''$x = "x" x (400 << 20); sleep 100'''
}

AfterAll { Exit-Suite }

Describe 'Set-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'changes limits while they run, and gives them as they are then' {
        $set = Set-Sandbox $sandbox -Memory 256MB -Cpu 0.5 -PidLimit 99 -Timeout 9m -PassThru
        $set.Limits.Memory, $set.Limits.Cpus, $set.Limits.PidLimit | Should -Be 256MB, 0.5, 99
        ($set.Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeLessThan 9.1
        $found = (Get-Sandbox $sandbox.Name).Limits
        $found.Memory, $found.Cpus, $found.PidLimit, $found.Disk, $found.Output | Should -Be 256MB, 0.5, 99, 64MB, 100000
    }

    It 'only says what it would do with -WhatIf' {
        Set-Sandbox $sandbox -PidLimit 50 -WhatIf
        (Get-Sandbox $sandbox.Name).Limits.PidLimit | Should -Be 99
    }

    It 'wants something to set, and values that a sandbox can have' {
        { Set-Sandbox $sandbox } | Should -Throw '*Nothing is to be set*'
        (Get-ErrorOf { Set-Sandbox $sandbox -Memory 1MB }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }
}

Describe 'A limit that is reached' {
    BeforeEach { Assert-Agent $sandbox }

    It 'is told for memory, and the sandbox goes on' {
        $result = Invoke-SandboxCommand $bomb $sandbox -WarningVariable warnings -WarningAction SilentlyContinue
        $result.OutOfMemory | Should -BeTrue
        $result.ExitCode | Should -Be 137
        $warnings | Should -Match 'out of memory'
        ($result | Format-Table | Out-String) | Should -Match '(?m)^\S+\s+memory\s'
        (Get-ErrorOf { Invoke-SandboxCommand $bomb $sandbox -FailOnNonZero -WarningAction SilentlyContinue }).FullyQualifiedErrorId | Should -Match '^LimitExceeded,'
        (Invoke-SandboxCommand 'echo alive' $sandbox).Output | Should -Be "alive`n"
        (Measure-Sandbox $sandbox).MemoryKills | Should -Be 2
    }

    It 'is told for output' {
        $result = Invoke-SandboxCommand 'while :; do echo yes; done' $sandbox -WarningAction SilentlyContinue
        $result.Exceeded | Should -Be Output
        $result.OutputBytes.Length | Should -Be 100000
    }

    It 'is told for the disk, which takes nothing more until something is removed' {
        $result = Invoke-SandboxCommand 'i=0; while :; do i=$((i+1)); head -c 4m /dev/zero > /var/tmp/f$i; done' $sandbox -WarningAction SilentlyContinue
        $result.Exceeded | Should -Be Disk
        (Get-ErrorOf { Set-SandboxContent "$($sandbox.Name):/var/tmp/more" ('x' * 1MB) }).FullyQualifiedErrorId | Should -Match '^LimitExceeded,'
        (Measure-Sandbox $sandbox).IsDiskFull | Should -BeTrue
        (Invoke-SandboxCommand 'rm /var/tmp/f*' $sandbox).ExitCode | Should -Be 0
        Start-Sleep 1
        Set-SandboxContent "$($sandbox.Name):/var/tmp/more" ('x' * 1MB)
        (Measure-Sandbox $sandbox).IsDiskFull | Should -BeFalse
    }
}

Describe 'Limit-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'tells what is more than it should be, by share and by amount' {
        $breaches = Limit-Sandbox $sandbox -Memory 1MB -Pids 99% -Cpu 100% -WarningVariable warnings -WarningAction SilentlyContinue
        $breaches.Kind | Should -Be Memory
        $breaches.Action | Should -Be Warn
        $breaches.Used | Should -BeGreaterThan 1MB
        $warnings | Should -Match "Sandbox '$($sandbox.Name)' uses .* memory, which is 1MB or more"
        ($breaches | Format-Table | Out-String) | Should -Match '\d+MB of 256MB \(\d+%\)\s+1MB Warn'
        Limit-Sandbox $sandbox -Memory 100% | Should -BeNullOrEmpty
    }

    It 'refuses what it cannot read' {
        { Limit-Sandbox $sandbox -Memory much } | Should -Throw "*Memory 'much'*"
        { Limit-Sandbox $sandbox -Cpu 120% } | Should -Throw "*Cpu '120%'*"
        { Limit-Sandbox $sandbox } | Should -Throw '*Nothing is to be watched*'
    }

    It 'watches many, and stops the one that uses too much for too long' {
        $pair = New-TestSandbox 'pair' @{ Count = 2; Cpu = 0.1 }
        $null = Start-SandboxProcess 'while :; do :; done' $pair[1]
        $breaches = $pair | Limit-Sandbox -Cpu 40% -For 2s -Interval 0.5 -Action Stop -Timeout 30 -WarningAction SilentlyContinue
        $breaches.Sandbox.Name | Should -Be $pair[1].Name
        $breaches.Duration.TotalSeconds | Should -BeGreaterOrEqual 2
        (Get-Sandbox $pair[0].Name).State | Should -Be Running
        (Get-Sandbox $pair[1].Name).State | Should -Be Stopped
        $pair | Remove-Sandbox -Confirm:$false
    }

    It 'does nothing with -WhatIf' {
        Limit-Sandbox $sandbox -Memory 1MB -Action Kill -WhatIf | Should -BeNullOrEmpty
        (Get-Sandbox $sandbox.Name).State | Should -Be Running
    }
}

Describe 'Measure-Sandbox -Watch' {
    BeforeEach { Assert-Agent $sandbox }

    It 'goes on until nobody wants more, in a table that can be read' {
        $metrics = Measure-Sandbox $sandbox -Watch -Interval 0.2 | Select-Object -First 3
        $metrics.Count | Should -Be 3
        $metrics[0].DiskLimit | Should -Be 64MB
        ($metrics | Format-Table | Out-String -Width 200) | Should -Match 'of 256 MB.*of 64 MB +\d+ '
    }
}
