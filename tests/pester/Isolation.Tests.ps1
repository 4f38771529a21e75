# How hard sandboxes are closed, and the test of it.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'iso'
    if ($EngineProblem) { return }

    $strict = New-TestSandbox 'strict' @{ Isolation = 'Strict'; Memory = 256MB }
}

AfterAll { Exit-Suite }

Describe 'New-Sandbox -Isolation' {
    BeforeEach { Assert-Agent $strict }

    It 'makes a strict one, which writes to its workspace and nowhere else' {
        $strict.Isolation | Should -Be Strict
        $strict.Network | Should -Be None
        (Invoke-SandboxCommand 'echo here > file && cat file' $strict).Output | Should -Be "here`n"
        (Invoke-SandboxCommand 'touch /etc/file' $strict).ExitCode | Should -Not -Be 0
    }

    It 'refuses what does not go with it, before anything is made' {
        (Get-ErrorOf { New-TestSandbox 'no' @{ Isolation = 'Strict'; Volume = 'host:/srv:/data' } }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
        (Get-ErrorOf { New-TestSandbox 'no' @{ Runtime = 'runsc-of-nobody' } }).Exception.Message | Should -Match 'runsc-of-nobody'
        Get-Container | Should -Not -Contain "$($Prefix)no"
    }
}

Describe 'Test-SandboxIsolation' {
    BeforeEach { Assert-Agent $strict }

    It 'finds that a strict sandbox holds' {
        $findings = $strict | Test-SandboxIsolation
        $findings.Count | Should -BeGreaterThan 30
        $findings | Where-Object Outcome -EQ NotHeld | Should -BeNullOrEmpty
        $findings | Format-Table | Out-String | Should -Match 'Attempt +Outcome +Category +Detail'
    }

    It 'makes the attempts that are wanted, and refuses what is none' {
        (Test-SandboxIsolation $strict mount, KEY*).Attempt | Should -Be mount, keyring
        (Get-ErrorOf { Test-SandboxIsolation $strict warp }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }

    It 'completes the attempts' {
        (TabExpansion2 'Test-SandboxIsolation x -Attempt host' -cursorColumn 37).CompletionMatches.CompletionText | Should -Be host-loopback, host-mounts, host-services
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        $strict | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
