# What the Tab key offers.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'tab'

    # Silent after a second on a machine that is busy, as it shall be: a person presses Tab again.
    function Get-Completion([string]$Line) {
        foreach ($try in 1..5) {
            $found = @((TabExpansion2 -inputScript $Line -cursorColumn $Line.Length).CompletionMatches | ForEach-Object CompletionText)
            if ($found) { break }
        }
        $found
    }
}

AfterAll { Exit-Suite }

Describe 'Completion' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandboxes = New-TestSandbox 's' @{ Count = 2 }
    }
    AfterAll { if (-not $EngineProblem) { $sandboxes | Remove-Sandbox -Confirm:$false } }
    BeforeEach { Assert-Engine }

    It 'offers the names of sandboxes: <_>' -ForEach 'Get-Sandbox {0}', 'Get-Sandbox -Name {0}', 'Remove-Sandbox {0}', 'Invoke-SandboxCommand uname {0}', 'Invoke-SandboxCommand uname -Sandbox {0}', 'Get-SandboxHost {0}', 'Get-SandboxChildItem /tmp {0}', 'Copy-SandboxItem a b -ToSandbox -Sandbox {0}' {
        Get-Completion ($_ -f $Prefix) | Should -Be $sandboxes.Name
        Get-Completion ($_ -f "'$Prefix") | Should -Be $sandboxes.Name
    }

    It 'offers ids' {
        Get-Completion "Get-Sandbox -Id $($sandboxes[1].ShortId.Substring(0, 8))" | Should -Be $sandboxes[1].ShortId
    }

    It 'says what each is' {
        $line = "Remove-Sandbox $Prefix"
        (TabExpansion2 $line $line.Length).CompletionMatches[0].ToolTip | Should -Be "$($sandboxes[0].Name): Running, $Image"
    }

    It 'does not offer other people''s' {
        $before = $env:FLOURISHA_OWNER
        $env:FLOURISHA_OWNER = 'nobody@nowhere'
        try { Get-Completion "Get-Sandbox $Prefix" | Where-Object { $_ -in $sandboxes.Name } | Should -BeNullOrEmpty }
        finally { $env:FLOURISHA_OWNER = $before }
    }

    It 'offers the processes of the sandbox that is typed: <_>' -ForEach 'Stop-SandboxProcess -Sandbox {0} -Process tab', 'Get-SandboxProcess {0} -Tag ', 'Receive-SandboxProcess -Sandbox $sandboxes[1] -Process t', 'Send-SandboxProcessInput -Sandbox {0} -Process ' {
        Assert-Agent $sandboxes[1]
        $process = Start-SandboxProcess 'sleep 60' $sandboxes[1] -Tag "tab-$(Get-Random)"
        try {
            Get-Completion ($_ -f $sandboxes[1].Name) | Should -Contain $process.Tag
            Get-Completion "Get-SandboxProcess $($sandboxes[1].Name) -Id " | Should -Contain "$($process.Id)"
        }
        finally { $process | Stop-SandboxProcess -GracePeriod 0 }
    }

    It 'offers images that were built here' {
        $images = Get-SandboxImage
        if (-not $images) { Set-ItResult -Skipped -Because 'no image was built for sandboxes here yet' }
        Get-Completion "New-Sandbox -Image $($images[0].Name.Substring(0, 12))" | Should -Contain $images[0].Name
    }
}

Describe 'Completion of values that are known without an engine' {
    It 'offers templates: <_>' -ForEach 'New-Sandbox ', 'New-Sandbox -Template ', 'Build-SandboxImage ' {
        Get-Completion "${_}m" | Should -Contain 'minimal'
        Get-Completion "${_}f" | Should -Contain 'fullstack'
    }

    It 'offers states' {
        Get-Completion 'Get-Sandbox -State R' | Should -Be 'Running'
    }
}

Describe 'Completion without an engine' {
    It 'offers nothing, says nothing and does not take long' {
        $child = Invoke-Child -Environment @{ DOCKER_HOST = 'unix:///nonexistent.sock' } @'
            $clock = [System.Diagnostics.Stopwatch]::StartNew()
            foreach ($line in 'Get-Sandbox zz', 'Get-Sandbox -Id ab', 'New-Sandbox -Image zz', 'Remove-Sandbox zz') {
                @((TabExpansion2 $line $line.Length).CompletionMatches).Count
            }
            $clock.Elapsed.TotalSeconds -lt 8
            $Error.Count
'@
        $child.Error | Should -BeNullOrEmpty
        ($child.Output -split '\n' -ne '') | Should -Be 'go', '0', '0', '0', '0', 'True', '0'
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
