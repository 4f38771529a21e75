# Processes that live longer than a call: started, watched, fed, waited for and ended, with the real agent.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'proc'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 'a' @{ WorkingDirectory = '/tmp' }
    $other = New-TestSandbox 'b'
}

AfterAll { Exit-Suite }

Describe 'Start-SandboxProcess' {
    BeforeEach { Assert-Agent $sandbox }

    It 'gives a process that runs, of each sandbox' {
        $processes = $sandbox, $other | Start-SandboxProcess 'sleep 300' -Tag both
        $processes.Sandbox.Name | Should -Be $sandbox.Name, $other.Name
        $processes.State | Should -Be Running, Running
        $processes.Tag | Should -Be 'both', 'both'
        Get-InnerProcess $other | Should -Contain 'sleep 300'
        $processes | Stop-SandboxProcess -GracePeriod 0
    }

    It 'starts in the folder, with the variables and the arguments that were given' {
        $process = Start-SandboxProcess sh $sandbox -ArgumentList '-c', 'pwd; echo $GREETING; echo "$1"', 'sh', 'a  b' -WorkingDirectory /usr -Environment @{ GREETING = 'grüße' }
        ($process | Wait-SandboxProcess -Timeout 20).ExitCode | Should -Be 0
        ($process | Receive-SandboxProcess).Text | Should -Be '/usr', 'grüße', 'a  b'
    }

    It 'ends it with all that it started when its time is over' {
        $process = Start-SandboxProcess 'sleep 3001 & setsid sleep 3002 & sleep 3003' $sandbox -Timeout 0.5
        $ended = $process | Wait-SandboxProcess -Timeout 20
        $ended.TimedOut | Should -BeTrue
        Get-InnerProcess $sandbox | Where-Object { $_ -match '300\d' } | Should -BeNullOrEmpty
    }

    It 'keeps so much output and no more' {
        $process = Start-SandboxProcess 'seq 100000' $sandbox -OutputLimit 8KB
        $null = $process | Wait-SandboxProcess -Timeout 20
        $lines = $process | Receive-SandboxProcess -WarningVariable warnings -WarningAction SilentlyContinue
        $lines[-1].Text | Should -Be '100000'
        ($lines.Text | Measure-Object -Property Length -Sum).Sum | Should -BeLessThan 8KB
        "$warnings" | Should -Match 'no longer kept'
    }

    It 'names a program that is not there' {
        (Get-ErrorOf { Start-SandboxProcess 'no-such-program' $sandbox -ArgumentList x }).FullyQualifiedErrorId | Should -Match '^CommandNotFound,'
    }
}

Describe 'Get-SandboxProcess' {
    BeforeAll {
        if ($EngineProblem) { return }
        $running = Start-SandboxProcess 'sleep 301' $sandbox -Tag "get-running"
        $ended = Start-SandboxProcess 'exit 4' $sandbox -Tag "get-ended"
        $null = $ended | Wait-SandboxProcess -Timeout 20
    }
    AfterAll { if (-not $EngineProblem) { $running | Stop-SandboxProcess -GracePeriod 0 } }
    BeforeEach { Assert-Agent $sandbox }

    It 'lists what runs, and with -All what has ended' {
        (Get-SandboxProcess $sandbox).Id | Should -Contain $running.Id
        (Get-SandboxProcess $sandbox).Id | Should -Not -Contain $ended.Id
        (Get-SandboxProcess $sandbox -All | Where-Object Id -EQ $ended.Id).ExitCode | Should -Be 4
    }

    It 'finds by number, by tag and by wildcard' {
        (Get-SandboxProcess $sandbox -Id $ended.Id).Tag | Should -Be 'get-ended'
        (Get-SandboxProcess $sandbox -Tag get-running).Id | Should -Be $running.Id
        (Get-SandboxProcess $sandbox -Tag GET-* -All).Id | Should -Be $running.Id, $ended.Id
        Get-SandboxProcess $sandbox -Tag nothing* | Should -BeNullOrEmpty
        (Get-ErrorOf { Get-SandboxProcess $sandbox -Tag nothing }).FullyQualifiedErrorId | Should -Match '^ProcessNotFound,'
    }

    It 'tells how a process of some earlier call is doing now' {
        $process = Start-SandboxProcess 'exit 5' $sandbox
        $null = $process | Wait-SandboxProcess -Timeout 20
        ($process | Get-SandboxProcess).ExitCode | Should -Be 5
    }
}

Describe 'A process, named' {
    BeforeEach { Assert-Agent $sandbox }

    It 'by <Way>' -ForEach @(
        @{ Way = 'the object'; Do = { param($p) $p | Wait-SandboxProcess -Timeout 20 } }
        @{ Way = 'its number'; Do = { param($p) Wait-SandboxProcess $p.Id $sandbox -Timeout 20 } }
        @{ Way = 'its tag'; Do = { param($p) Wait-SandboxProcess $p.Tag $sandbox.Name -Timeout 20 } }
        @{ Way = '-Id'; Do = { param($p) Wait-SandboxProcess -Id $p.Id -Sandbox $sandbox -Timeout 20 } }
        @{ Way = 'a sandbox by the pipeline'; Do = { param($p) $sandbox | Wait-SandboxProcess $p.Tag -Timeout 20 } }
        @{ Way = 'a number by the pipeline'; Do = { param($p) $p.Id | Wait-SandboxProcess -Sandbox $sandbox -Timeout 20 } }
    ) {
        $process = Start-SandboxProcess 'exit 6' $sandbox -Tag "named-$(Get-Random)"
        $waited = & $Do $process
        $waited.Id | Should -Be $process.Id
        $waited.ExitCode | Should -Be 6
    }

    It 'by what Invoke-SandboxCommand -Detach gave' {
        $result = Invoke-SandboxCommand 'echo detached; exit 7' $sandbox -Detach
        $result.ProcessId | Should -BeGreaterThan 0
        ($result | Wait-SandboxProcess -Timeout 20).ExitCode | Should -Be 7
        ($result | Receive-SandboxProcess).Text | Should -Be 'detached'
    }

    It 'without a sandbox is an error' {
        (Get-ErrorOf { Wait-SandboxProcess 17 }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }
}

Describe 'Receive-SandboxProcess' {
    BeforeEach { Assert-Agent $sandbox }

    It 'gives everything that was written while nobody listened, once, and again with -FromStart' {
        $process = Start-SandboxProcess 'echo out; echo err >&2' $sandbox
        $null = $process | Wait-SandboxProcess -Timeout 20
        ($process | Receive-SandboxProcess).Text | Sort-Object | Should -Be 'err', 'out'
        $process | Receive-SandboxProcess | Should -BeNullOrEmpty
        $lines = $process | Receive-SandboxProcess -FromStart
        ($lines | Where-Object Source -EQ Error).Text | Should -Be 'err'
        ($lines | Where-Object Source -EQ Output).Text | Should -Be 'out'
    }

    It 'follows until the end, line by line' {
        $process = Start-SandboxProcess 'echo one; sleep 2; echo two' $sandbox
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $times = $process | Receive-SandboxProcess -Follow | ForEach-Object { [pscustomobject]@{ Text = $_.Text; At = $clock.Elapsed } }
        $times.Text | Should -Be 'one', 'two'
        $times[1].At - $times[0].At | Should -BeGreaterThan ([timespan]'0:0:1')
    }

    It 'leaves the process alone when nobody wants more' {
        $process = Start-SandboxProcess 'while :; do echo y; sleep 0.1; done' $sandbox
        ($process | Receive-SandboxProcess -Follow | Select-Object -First 2).Text | Should -Be 'y', 'y'
        ($process | Get-SandboxProcess).State | Should -Be Running
        $process | Stop-SandboxProcess -GracePeriod 0
    }
}

Describe 'Send-SandboxProcessInput' {
    BeforeEach { Assert-Agent $sandbox }

    It 'writes lines, bytes and files, and closes' {
        $file = New-TemporaryFile
        $process = Start-SandboxProcess 'cat; echo end' $sandbox -KeepInputOpen
        try {
            [System.IO.File]::WriteAllText($file.FullName, "from a file`n")
            'a', 'ü' | Send-SandboxProcessInput $process
            Send-SandboxProcessInput $process ([byte[]](66, 10))
            Send-SandboxProcessInput $process 'no ' -NoNewline
            Send-SandboxProcessInput $process.Id 'line end' -Sandbox $sandbox
            $file | Send-SandboxProcessInput $process -Close
        }
        finally { Remove-Item $file }
        ($process | Wait-SandboxProcess -Timeout 20).ExitCode | Should -Be 0
        ($process | Receive-SandboxProcess).Text | Should -Be 'a', 'ü', 'B', 'no line end', 'from a file', 'end'
    }

    It 'is refused where there is no open input' {
        $process = Start-SandboxProcess 'sleep 302' $sandbox
        (Get-ErrorOf { Send-SandboxProcessInput $process 'x' }).FullyQualifiedErrorId | Should -Match '^InputClosed,'
        $process | Stop-SandboxProcess -GracePeriod 0
    }
}

Describe 'Wait-SandboxProcess' {
    BeforeEach { Assert-Agent $sandbox }

    It 'gives up after its time, and the process goes on' {
        $process = Start-SandboxProcess 'sleep 303' $sandbox
        $record = Get-ErrorOf { $process | Wait-SandboxProcess -Timeout 0.3 }
        $record.FullyQualifiedErrorId | Should -Match '^TimedOut,'
        ($process | Get-SandboxProcess).State | Should -Be Running
        $process | Stop-SandboxProcess -GracePeriod 0
    }

    It 'waits for many at once' {
        $processes = 1..6 | ForEach-Object { Start-SandboxProcess 'sleep 1' $sandbox }
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        ($processes | Wait-SandboxProcess -Timeout 20).Id | Should -Be $processes.Id
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 4
    }
}

Describe 'Stop-SandboxProcess' {
    BeforeEach { Assert-Agent $sandbox }

    It 'ends everything that the process started, also what fled and what is deaf' {
        $process = Start-SandboxProcess 'sleep 4001 & setsid sleep 4002 & (setsid sh -c "trap : TERM INT HUP; while :; do sleep 4003; done" &) ; sleep 4004' $sandbox
        Start-Sleep -Milliseconds 300
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $stopped = $process | Stop-SandboxProcess -GracePeriod 1 -PassThru

        $clock.Elapsed.TotalSeconds | Should -BeLessThan 5
        $stopped.Process.State | Should -Be Ended
        $stopped.Killed.Name | Should -Contain 'sleep'
        $stopped.Killed.Count | Should -BeGreaterOrEqual 5
        Get-InnerProcess $sandbox | Where-Object { $_ -match '400\d' } | Should -BeNullOrEmpty
    }

    It 'lets a process end by itself in its grace period' {
        $process = Start-SandboxProcess 'trap "echo bye; exit 9" TERM; while :; do sleep 0.1; done' $sandbox
        Start-Sleep -Milliseconds 300
        $process | Stop-SandboxProcess
        ($process | Get-SandboxProcess).ExitCode | Should -Be 9
        ($process | Receive-SandboxProcess | Where-Object Source -EQ Output).Text | Should -Be 'bye' # the shell has a word about its sleep, too
    }
}

Describe 'Enter-Sandbox' {
    BeforeEach { Assert-Engine }

    It 'brings every key inside, and the terminal back' {
        Assert-Agent $sandbox
        if (-not (Get-Command script -CommandType Application -ErrorAction Ignore)) { Set-ItResult -Skipped -Because 'there is no script of util-linux, which makes the terminal' }

        # Whoever types waits for what is shown, as a person does. The quotes keep a command that is echoed from looking like its output.
        $inner = "Import-Module $ModulePath; stty -g; Enter-Sandbox $($sandbox.Name) -Command 'echo re\`"\`"ady; exec sh'; stty -g; 2 + 2"
        $start = [System.Diagnostics.ProcessStartInfo]::new('script')
        foreach ($argument in '-qec', "stty cols 91 rows 33; '$PSHOME/pwsh' -NoProfile -Command `"$inner`"", '/dev/null') { $start.ArgumentList.Add($argument) }
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $true
        $process = [System.Diagnostics.Process]::Start($start)
        $shown = ''
        $buffer = [char[]]::new(4096)
        $steps = @(
            @{ For = 'ready'; Type = "stty size`r" }
            @{ For = '33 91'; Type = "sleep 9797`r" }
            @{ For = 'sleep 9797'; Type = "`u{3}echo after=`$?`r" }
            @{ For = 'after=130'; Type = "exit`r" }
        )
        foreach ($step in $steps) {
            while (-not $shown.Contains($step.For)) {
                $reading = $process.StandardOutput.ReadAsync($buffer, 0, $buffer.Length)
                if (-not $reading.Wait(60000) -or $reading.Result -eq 0) { break }
                $shown += [string]::new($buffer, 0, $reading.Result)
            }
            $shown | Should -Match ([regex]::Escape($step.For))
            if ($step.For -eq 'sleep 9797') { while (-not ((Get-InnerProcess $sandbox) -match 'sleep 9797')) { Start-Sleep -Milliseconds 50 } }
            $process.StandardInput.Write($step.Type)
            $process.StandardInput.Flush()
        }
        $shown += $process.StandardOutput.ReadToEnd()
        $process.WaitForExit(60000) | Should -BeTrue

        # Without what PowerShell itself tells the terminal.
        $lines = $shown -replace '\e\[\??[0-9;]*[a-zA-Z]|\e[=>]|\e\][^\a]*\a' -split '\r?\n' -ne ''
        $lines[-1] | Should -Be '4'
        $settings = @($lines -match '^[0-9a-f]+(:[0-9a-f]+)+$')
        $settings.Count | Should -Be 2
        $settings[1] | Should -Be $settings[0]
    }

    It 'needs a terminal, and says so' {
        $child = Invoke-Child "Enter-Sandbox $($sandbox.Name)"
        $child.Error + $child.Output | Should -Match 'A shell needs a terminal'
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        $sandbox, $other | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
