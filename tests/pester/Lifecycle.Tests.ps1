# What becomes of a sandbox between its making and its removal.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'cycle'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 's'
}

AfterAll { Exit-Suite }

Describe 'Suspend-Sandbox and Resume-Sandbox' {
    BeforeEach { Assert-Engine }

    It 'freezes, says so, and lets go on' {
        ($sandbox | Suspend-Sandbox -PassThru).State | Should -Be Suspended
        (Get-Sandbox $sandbox.Name).State | Should -Be Suspended
        $problem = Get-ErrorOf { Invoke-SandboxCommand 'true' $sandbox }
        $problem.FullyQualifiedErrorId | Should -Match '^SandboxNotRunning,'
        $problem.ErrorDetails.RecommendedAction | Should -Match 'Resume-Sandbox'
        Resume-Sandbox $sandbox.Name | Should -BeNullOrEmpty
        (Invoke-SandboxCommand 'echo hi' $sandbox).Output | Should -Be "hi`n"
    }

    It 'does nothing with -WhatIf' {
        Suspend-Sandbox $sandbox -WhatIf
        (Get-Sandbox $sandbox.Name).State | Should -Be Running
    }
}

Describe 'Stop-Sandbox and Start-Sandbox' {
    BeforeEach { Assert-Agent $sandbox }

    It 'keeps the files, and takes a new lifetime' {
        $null = Invoke-SandboxCommand 'echo kept > /var/tmp/file' $sandbox
        (Stop-Sandbox $sandbox -GracePeriod 1s -PassThru).State | Should -Be Stopped
        (Get-ErrorOf { Invoke-SandboxCommand 'true' $sandbox.Name }).ErrorDetails.RecommendedAction | Should -Match 'Start-Sandbox'
        $started = Start-Sandbox $sandbox -Timeout 2h -PassThru
        ($started.Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 118
        (Invoke-SandboxCommand 'cat /var/tmp/file' $sandbox).Output | Should -Be "kept`n"
    }
}

Describe 'New-Sandbox -OnTimeout' {
    BeforeEach { Assert-Agent $sandbox }

    It 'suspends at the deadline, and goes on when it is resumed' {
        $short = New-Sandbox -Image $Image -Name "${Prefix}suspended" -Timeout 1s -OnTimeout Suspend
        $patience = [datetime]::UtcNow.AddSeconds(30)
        while ((Get-Sandbox $short.Name).State -ne 'Suspended' -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 100 }
        (Get-Sandbox $short.Name).State | Should -Be Suspended
        Get-Sandbox -Stale | ForEach-Object Name | Should -Not -Contain $short.Name
        Resume-Sandbox $short 10m
        (Invoke-SandboxCommand 'echo hi' $short).Output | Should -Be "hi`n"
        Remove-Sandbox $short -Confirm:$false
    }

    It 'removes at the deadline' {
        $short = New-Sandbox -Image $Image -Name "${Prefix}gone" -Timeout 1s -OnTimeout Remove
        (Get-ErrorOf { Stop-Sandbox $short -Confirm:$false }).FullyQualifiedErrorId | Should -Match '^InvalidOption,|^SandboxNotFound,'
        $patience = [datetime]::UtcNow.AddSeconds(30)
        while ((Get-Container) -contains $short.Name -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 100 }
        Get-Container | Should -Not -Contain $short.Name
    }
}

Describe 'Checkpoint-Sandbox' {
    BeforeEach { Assert-Engine }

    It 'keeps the files under a name, from which sandboxes are made' {
        $null = Invoke-SandboxCommand 'echo ready > /var/tmp/state' $sandbox
        $name = "${Prefix}base"
        $checkpoint = Checkpoint-Sandbox $sandbox $name
        try {
            $checkpoint.Source | Should -Be $sandbox.Name
            (Get-ErrorOf { Checkpoint-Sandbox $sandbox $name }).FullyQualifiedErrorId | Should -Match '^NameInUse,'
            (Get-SandboxCheckpoint "$Prefix*").Name | Should -Be $name
            $made = New-Sandbox -Checkpoint $name -Timeout 10m
            (Invoke-SandboxCommand 'cat /var/tmp/state' $made).Output | Should -Be "ready`n"
            Remove-Sandbox $made -Confirm:$false
        }
        finally {
            $checkpoint | Remove-SandboxCheckpoint -Confirm:$false
        }
        (Get-ErrorOf { New-Sandbox -Checkpoint $name }).FullyQualifiedErrorId | Should -Match '^CheckpointNotFound,'
    }
}

Describe 'Copy-Sandbox' {
    BeforeEach { Assert-Engine }

    It 'makes copies with the same files and a name of their own' {
        $null = Invoke-SandboxCommand 'echo here > /var/tmp/copy' $sandbox
        $copies = Copy-Sandbox $sandbox -Count 2
        $copies.Name | Should -Be "$($sandbox.Name)-copy-1", "$($sandbox.Name)-copy-2"
        ($copies | Invoke-SandboxCommand 'cat /var/tmp/copy').Output | Should -Be "here`n", "here`n"
        $copies | Remove-Sandbox -Confirm:$false
    }
}

Describe 'Register-SandboxCleanup' {
    It 'says what it would write, and writes nothing' {
        $before = Get-SandboxCleanup -ErrorAction Ignore
        $child = Invoke-Child 'Register-SandboxCleanup -Every 30m -OlderThan 24h -WhatIf' @{ DOCKER_HOST = 'unix:///somewhere.sock' }
        $child.Output | Should -Match 'DOCKER_HOST'
        $child.Output | Should -Match 'somewhere.sock'
        $child.Output | Should -Match '86400'
        Get-SandboxCleanup -ErrorAction Ignore | ForEach-Object Text | Should -Be ($before | ForEach-Object Text)
    }

    It 'refuses what is no schedule' {
        (Get-ErrorOf { Register-SandboxCleanup -Every 10s -WhatIf }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        $sandbox | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
