# Many sandboxes in one pipeline: order, errors, throttle, and pipelines that end early.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'pipe'
}

AfterAll { Exit-Suite }

Describe 'The line that the module is made for' {
    BeforeEach { Assert-Engine }

    It 'creates, runs, shows and removes' {
        $table = 1..3 | ForEach-Object { New-Sandbox -Image $Image -Name "${Prefix}t$_" } | Invoke-SandboxCommand 'uname -a' | Format-Table | Out-String -Width 120

        $lines = $table -split '\r?\n' -ne ''
        $lines[0] | Should -Be 'Sandbox              ExitCode Duration Output'
        foreach ($i in 1..3) { $lines[1 + $i] | Should -Match "^$($Prefix)t$i +0 +\d.*s Linux $($Prefix)t$i " }
        (Get-Sandbox "${Prefix}t*").Name | Should -Be "${Prefix}t1", "${Prefix}t2", "${Prefix}t3"

        Get-Sandbox "${Prefix}t*" | Remove-Sandbox -Confirm:$false
        Get-Sandbox "${Prefix}t*" | Should -BeNullOrEmpty
        Get-Container | Should -BeNullOrEmpty
    }
}

Describe 'Many sandboxes' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandboxes = New-TestSandbox 'm' @{ Count = 4; ThrottleLimit = 4 }
    }
    AfterAll { if (-not $EngineProblem) { $sandboxes | Remove-Sandbox -Confirm:$false } }
    BeforeEach { Assert-Engine }

    It 'are made in order, with numbers' {
        $sandboxes.Name | Should -Be (1..4 | ForEach-Object { "${Prefix}m-$_" })
        $sandboxes.State | Should -Be (@('Running') * 4)
    }

    It 'give their results in the order of the input, whatever ends first' {
        $results = $sandboxes | Invoke-SandboxCommand 'case $(hostname) in *-1) sleep 0.8;; esac; hostname' -ThrottleLimit 4

        $results.Output.Trim() | Should -Be $sandboxes.Name
    }

    It 'are worked on side by side, as many as -ThrottleLimit says' {
        $together = [System.Diagnostics.Stopwatch]::StartNew()
        $null = $sandboxes | Invoke-SandboxCommand 'sleep 1' -ThrottleLimit 4
        $together.Stop()
        $apart = [System.Diagnostics.Stopwatch]::StartNew()
        $null = $sandboxes | Invoke-SandboxCommand 'sleep 1' -ThrottleLimit 1
        $apart.Stop()

        $apart.Elapsed.TotalSeconds | Should -BeGreaterOrEqual 4
        $together.Elapsed | Should -BeLessThan $apart.Elapsed
    }

    It 'lose nothing by one that fails, and cost one error for it' {
        $missing = "${Prefix}missing"
        $results = @($sandboxes[0], $missing, $sandboxes[1]) | Invoke-SandboxCommand 'hostname' -ErrorVariable failed -ErrorAction SilentlyContinue

        $results.Output.Trim() | Should -Be $sandboxes[0].Name, $sandboxes[1].Name
        $failed.Count | Should -Be 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'SandboxNotFound,FlourishaSandbox.Cmdlets.InvokeSandboxCommandCommand'
        $failed[0].TargetObject | Should -Be $missing
    }

    It 'stop at the first that fails where the session says so' {
        $results = [System.Collections.Generic.List[object]]::new()
        { @($sandboxes[0].Name, "${Prefix}missing", $sandboxes[1].Name) | Invoke-SandboxCommand 'exit 0' -ThrottleLimit 1 -ErrorAction Stop | ForEach-Object { $results.Add($_) } } |
            Should -Throw -ErrorId 'SandboxNotFound,*'
    }

    It 'end early with their taker, and nothing goes on behind its back' {
        $first = $sandboxes | Invoke-SandboxCommand 'case $(hostname) in *-1) ;; *) sleep 4321;; esac; hostname' -ThrottleLimit 4 | Select-Object -First 1

        $first.Output.Trim() | Should -Be $sandboxes[0].Name
        foreach ($sandbox in $sandboxes) { docker top $sandbox.Id -eo pid,args | Select-String 'sleep 4321' | Should -BeNullOrEmpty }
    }

    It 'can be made for a taker of one alone' {
        $one = New-Sandbox -Image $Image -Name "${Prefix}early" -Count 4 -ThrottleLimit 4 | Select-Object -First 1

        $one.Name | Should -Be "${Prefix}early-1"
        Get-Container | Where-Object { $_ -like "${Prefix}early*" } | Should -Be $one.Name
        (Invoke-SandboxCommand 'echo alive' $one).Output | Should -Be "alive`n"
        Remove-Sandbox $one -Confirm:$false
    }

    It 'end cleanly where a later cmdlet throws' {
        { New-Sandbox -Image $Image -Name "${Prefix}thrown" -Count 3 | ForEach-Object { throw 'no more' } } | Should -Throw 'no more'

        # The first was handed on; it is the thrower's.
        Get-Container | Where-Object { $_ -like "${Prefix}thrown*" } | Should -BeIn "${Prefix}thrown-1"
        Get-Sandbox "${Prefix}thrown*" | Remove-Sandbox -Confirm:$false
    }

    It 'are removed side by side and given back as they were, where asked for' {
        $gone = New-Sandbox -Image $Image -Count 2
        $back = $gone | Remove-Sandbox -Confirm:$false -PassThru

        $back.Id | Should -Be $gone.Id
        $gone.Name | Where-Object { $_ -in (Get-Container) } | Should -BeNullOrEmpty
    }

    It 'may be gone already' {
        $gone = New-TestSandbox 'gone'
        $null = docker rm --force $gone.Id

        (Get-ErrorOf { $gone | Invoke-SandboxCommand 'true' }).FullyQualifiedErrorId | Should -Match '^SandboxNotFound,'
        (Get-ErrorOf { $gone | Remove-Sandbox -Confirm:$false }).FullyQualifiedErrorId | Should -Match '^SandboxNotFound,'
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
