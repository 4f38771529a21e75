# -WhatIf: every question names what it is about, and nothing happens.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'whatif'

    # What a child answers to -WhatIf; there it goes to the console, where it can be read.
    function Get-Question([string]$Script) {
        $child = Invoke-Child $Script
        $child.Error | Should -BeNullOrEmpty
        @($child.Output -split '\r?\n' -ne '' -ne 'go')
    }
}

AfterAll { Exit-Suite }

Describe '-WhatIf' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandbox = New-TestSandbox 'kept'
        $ended = New-TestSandbox 'ended'
        $null = docker kill $ended.Id
        $folder = New-TestFolder
        Set-Content "$folder/a.txt" 'text'
        Set-Content "$folder/Dockerfile" "FROM $Image"
        $images = docker images --quiet --no-trunc

        $questions = Get-Question @"
            New-Sandbox -Image $Image -Name ${Prefix}new -Count 2 -WhatIf
            New-Sandbox -Template minimal -WhatIf
            Remove-Sandbox $($sandbox.Name) -WhatIf
            Clear-StaleSandbox -WhatIf
            Clear-StaleSandbox -OlderThan 0 -Force -WhatIf
            Copy-SandboxItem '$folder/a.txt' '$($sandbox.Name):/tmp/' -WhatIf
            Copy-SandboxItem '$($sandbox.Name):/etc/passwd' '$folder/passwd' -WhatIf
            Build-SandboxImage -Path '$folder' -Name ${Prefix}image -WhatIf
            Set-Sandbox $($sandbox.Name) -Timeout 2h -WhatIf
            Start-SandboxProcess 'touch /tmp/started' $($sandbox.Name) -WhatIf
            Stop-SandboxProcess 1 $($sandbox.Name) -WhatIf
            Send-SandboxProcessInput 1 text -Sandbox $($sandbox.Name) -WhatIf
            Set-SandboxContent $($sandbox.Name):/tmp/content text -WhatIf
            New-SandboxItem $($sandbox.Name):/tmp/new -WhatIf
            Move-SandboxItem $($sandbox.Name):/etc/passwd /tmp/moved -WhatIf
            Remove-SandboxItem $($sandbox.Name):/etc -Recurse -WhatIf
"@
    }
    AfterAll {
        if ($EngineProblem) { return }
        $sandbox, $ended | Remove-Sandbox -Confirm:$false
        Remove-Item $folder -Recurse -Force
    }
    BeforeEach { Assert-Engine }

    It 'of New-Sandbox names each, and what it would be made from' {
        $questions[0] | Should -Be "What if: Performing the operation `"Create from '$Image'`" on target `"${Prefix}new-1`"."
        $questions[1] | Should -Be "What if: Performing the operation `"Create from '$Image'`" on target `"${Prefix}new-2`"."
        $questions[2] | Should -Be "What if: Performing the operation `"Create from 'minimal'`" on target `"a new sandbox`"."
    }

    It 'of Remove-Sandbox names it and its id' {
        $questions[3] | Should -Be "What if: Performing the operation `"Remove the sandbox and everything in it`" on target `"$($sandbox.Name) ($($sandbox.ShortId))`"."
    }

    It 'of Clear-StaleSandbox says why each is stale' {
        $questions[4] | Should -Match "on target `"$($ended.Name) \($($ended.ShortId)\): it has stopped`"\.$"
        $questions[5] | Should -Match "on target `"$($sandbox.Name) \($($sandbox.ShortId)\): it is \d+ s old`"\.$"
        $questions[6] | Should -Match "on target `"$($ended.Name) \($($ended.ShortId)\): it has stopped`"\.$"
    }

    It 'of Copy-SandboxItem says from where to where' {
        $questions[7] | Should -Be "What if: Performing the operation `"Copy`" on target `"$folder/a.txt to $($sandbox.Name):/tmp/`"."
        $questions[8] | Should -Be "What if: Performing the operation `"Copy`" on target `"$($sandbox.Name):/etc/passwd to $folder/passwd`"."
    }

    It 'of Build-SandboxImage names the folder' {
        $questions[9] | Should -Be "What if: Performing the operation `"Build an image`" on target `"$folder`"."
    }

    It 'of what is done inside of a sandbox names it too' {
        $name = $sandbox.Name
        $questions[10..17] -replace '^What if: Performing the operation ' | Should -Be @(
            "`"Let it live for 2 h from now`" on target `"$name ($($sandbox.ShortId))`"."
            "`"Start`" on target `"${name}: touch /tmp/started`"."
            "`"End it with everything that it started`" on target `"process 1 in sandbox $name`"."
            "`"Write to its input`" on target `"process 1 in sandbox $name`"."
            "`"Write the file`" on target `"${name}:/tmp/content`"."
            "`"Make a file`" on target `"${name}:/tmp/new`"."
            "`"Move`" on target `"${name}:/etc/passwd to /tmp/moved`"."
            "`"Remove it with everything in it`" on target `"${name}:/etc`"."
        )
        $questions.Count | Should -Be 18
    }

    It 'does nothing' {
        Get-Container | Sort-Object | Should -Be @($ended.Name, $sandbox.Name | Sort-Object)
        (Get-Sandbox $sandbox.Name).State | Should -Be Running
        (Invoke-SandboxCommand 'ls /tmp' $sandbox).Output | Should -BeNullOrEmpty
        Test-Path "$folder/passwd" | Should -BeFalse
        docker images --quiet "${Prefix}image" | Should -BeNullOrEmpty
    }
}

Describe 'Clear-StaleSandbox' {
    BeforeEach { Assert-Engine }

    It 'takes what has ended, tells why, and leaves what runs' {
        $sandbox = New-TestSandbox 'runs'
        $ended = New-TestSandbox 'over'
        $null = docker kill $ended.Id

        $cleared = Clear-StaleSandbox -OlderThan 0 -Confirm:$false -WarningVariable warnings -WarningAction SilentlyContinue

        $cleared.Name | Should -Be $ended.Name
        $cleared.Reason | Should -Be 'it has stopped'
        $warnings | Should -Match "'$($sandbox.Name)' is left alone"
        Get-Container | Should -Be $sandbox.Name

        (Clear-StaleSandbox -OlderThan 0 -Force -Confirm:$false).Name | Should -Be $sandbox.Name
        Get-Container | Should -BeNullOrEmpty
    }

    It 'takes what is past its deadline, which has ended by itself' {
        $short = New-Sandbox -Image $Image -Timeout 1
        $patience = [datetime]::UtcNow.AddSeconds(20)
        while ((Get-Sandbox $short.Name).State -eq 'Running' -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 100 }

        (Get-Sandbox $short.Name).State | Should -Be Stopped
        (Get-Sandbox -Stale).Name | Should -Be $short.Name
        (Clear-StaleSandbox -Confirm:$false).Reason | Should -Match '^its deadline passed \d+ s ago$'
    }
}

Describe 'Remove-Sandbox' {
    BeforeEach { Assert-Engine }

    It 'does not remove without being confirmed' {
        $sandbox = New-TestSandbox 'asked'
        # Nobody answers in a session that is not interactive.
        $child = Invoke-Child "Remove-Sandbox $($sandbox.Name)"

        $child.Error + $child.Output | Should -Match 'NonInteractive'
        Get-Container | Should -Be $sandbox.Name
        Remove-Sandbox $sandbox -Confirm:$false
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
