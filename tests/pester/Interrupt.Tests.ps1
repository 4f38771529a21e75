# Ctrl+C in the middle: a PowerShell of its own gets SIGINT, and afterwards nothing is left and nothing runs.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'stop'

    # Runs a script in a child, interrupts it some milliseconds after it began, and waits for its end.
    function Invoke-Interrupted([string]$Script, [int]$After) {
        $child = Start-Child $Script
        $child.StandardOutput.ReadLine() | Should -Be 'go'
        Start-Sleep -Milliseconds $After
        $null = kill -INT $child.Id
        Wait-Child $child
    }

    # The command lines of all processes in a sandbox.
    function Get-InnerProcess($Sandbox) {
        @(docker top $Sandbox.Id -eo args | Select-Object -Skip 1)
    }
}

AfterAll { Exit-Suite }

Describe 'New-Sandbox, interrupted' {
    BeforeEach { Assert-Engine }

    It 'leaves no sandbox after <_> ms' -ForEach 0, 40, 80, 120, 160, 220, 300, 500 {
        $child = Invoke-Interrupted "New-Sandbox -Image $Image -Count 12 -ThrottleLimit 2 | Out-Null; 'not reached'" $_
        $child.Ended | Should -BeTrue
        $child.Output | Should -Not -Match 'not reached'
        $child.Error | Should -BeNullOrEmpty
        # What was made whole before is the user's; what was under way is gone.
        Get-Sandbox | Where-Object State -NE Running | Should -BeNullOrEmpty
        docker ps --all --quiet --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" --filter status=created | Should -BeNullOrEmpty
    }
}
