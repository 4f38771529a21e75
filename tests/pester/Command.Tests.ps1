# Commands in a sandbox: what they give back, what they read, and how they end.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'cmd'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 'a' @{ WorkingDirectory = '/tmp' }
}

AfterAll { Exit-Suite }

Describe 'A result' {
    BeforeEach { Assert-Engine }

    It 'has the exit code as a value: <_>' -ForEach 0, 1, 3, 127, 255 {
        $result = Invoke-SandboxCommand "exit $_" $sandbox -ErrorAction Stop
        $result.ExitCode | Should -Be $_
        $result.Succeeded | Should -Be ($_ -eq 0)
        $result.TimedOut | Should -BeFalse
    }

    It 'tells a signal as a shell does' {
        (Invoke-SandboxCommand 'kill -TERM $$' $sandbox).ExitCode | Should -Be 143
    }

    It 'keeps output and errors apart' {
        $result = Invoke-SandboxCommand 'echo out1; echo err1 >&2; echo out2; echo err2 >&2; exit 4' $sandbox
        $result.Output | Should -BeExactly "out1`nout2`n"
        $result.Error | Should -BeExactly "err1`nerr2`n"
        $result.Command | Should -Be 'echo out1; echo err1 >&2; echo out2; echo err2 >&2; exit 4'
        $result.Sandbox.Id | Should -Be $sandbox.Id
        $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
    }

    It 'has 10,000 lines where there were as many, in order' {
        $lines = (Invoke-SandboxCommand 'seq 10000' $sandbox).Output.TrimEnd("`n") -split "`n"
        $lines.Count | Should -Be 10000
        $lines[0], $lines[9999] | Should -Be '1', '10000'
    }

    It 'has every byte' {
        $result = Invoke-SandboxCommand 'printf "\000\001\377\n"; head -c 100000 /dev/zero' $sandbox
        $result.OutputBytes.Length | Should -Be 100004
        $result.OutputBytes.ToArray()[0..3] | Should -Be 0, 1, 255, 10
    }

    It 'has what a shell makes of the line, and without a shell what was given' {
        (Invoke-SandboxCommand 'echo $HOME*' $sandbox -Environment @{ HOME = 'x' }).Output | Should -BeExactly "x*`n"
        (Invoke-SandboxCommand printf $sandbox -ArgumentList '[%s]', '$HOME', 'a b', '', '*').Output | Should -BeExactly '[$HOME][a b][][*]'
    }

    It 'is of the user, the folder and the variables that were named' {
        (Invoke-SandboxCommand 'id -u; pwd; echo $GREETING' $sandbox -User 4321 -WorkingDirectory /usr -Environment @{ GREETING = 'grüße' }).Output | Should -BeExactly "4321`n/usr`ngrüße`n"
        (Invoke-SandboxCommand 'pwd' $sandbox).Output | Should -BeExactly "/tmp`n"
    }

    It 'is of a user who is not root and can become nobody else' {
        (Invoke-SandboxCommand 'id -u; grep -E "^(CapEff|NoNewPrivs)" /proc/self/status' $sandbox).Output | Should -BeExactly "10000`nCapEff:`t0000000000000000`nNoNewPrivs:`t1`n"
    }
}

Describe '-FailOnNonZero' {
    BeforeEach { Assert-Engine }

    It 'makes an error beside the result' {
        $result = Invoke-SandboxCommand 'echo out; exit 5' $sandbox -FailOnNonZero -ErrorVariable failed -ErrorAction SilentlyContinue
        $result.Output | Should -Be "out`n"
        $failed.Count | Should -Be 1
        $failed[0].FullyQualifiedErrorId | Should -Be 'CommandFailed,FlourishaSandbox.Cmdlets.InvokeSandboxCommandCommand'
        $failed[0].Exception.Message | Should -Be "The command in sandbox '$($sandbox.Name)' ended with exit code 5."
        $failed[0].TargetObject.Id | Should -Be $sandbox.Id
    }

    It 'ends a script that stops at errors' {
        { Invoke-SandboxCommand 'exit 5' $sandbox -FailOnNonZero -ErrorAction Stop } | Should -Throw -ErrorId 'CommandFailed,*'
        (Invoke-SandboxCommand 'exit 0' $sandbox -FailOnNonZero -ErrorAction Stop).ExitCode | Should -Be 0
    }
}

Describe '-Stream' {
    BeforeEach { Assert-Engine }

    It 'gives lines with their source, while the command still runs' {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $times = Invoke-SandboxCommand 'echo one; echo bad >&2; sleep 2; printf two' $sandbox -Stream | ForEach-Object { [pscustomobject]@{ Line = $_; At = $clock.Elapsed } }

        $times.Line.Text | Sort-Object | Should -Be 'bad', 'one', 'two'
        ($times.Line | Where-Object Text -EQ 'bad').Source | Should -Be Error
        ($times.Line | Where-Object Text -EQ 'one').Source | Should -Be Output
        $times[-1].Line.Text | Should -Be 'two'
        $times[-1].At - $times[0].At | Should -BeGreaterThan ([timespan]'0:0:1')
    }

    It 'warns of a bad end' {
        Invoke-SandboxCommand 'exit 6' $sandbox -Stream -WarningVariable warnings -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        "$warnings" | Should -Be "The command in sandbox '$($sandbox.Name)' ended with exit code 6."
    }

    It 'ends an endless command when nobody wants more' {
        (Invoke-SandboxCommand 'yes' $sandbox -Stream | Select-Object -First 3).Text | Should -Be 'y', 'y', 'y'
        Get-InnerProcess $sandbox | Should -BeNullOrEmpty
    }
}

Describe 'Standard input' {
    BeforeEach { Assert-Engine }

    It 'is nothing where nothing is given' {
        (Invoke-SandboxCommand 'cat; echo end' $sandbox -Timeout 20).Output | Should -BeExactly "end`n"
    }

    It 'is text line by line, from the pipeline' {
        ('a', 'b', 'ü' | Invoke-SandboxCommand cat -Sandbox $sandbox).Output | Should -BeExactly "a`nb`nü`n"
        (1..3 | Invoke-SandboxCommand 'wc -l' $sandbox).Output.Trim() | Should -Be '3'
        (Invoke-SandboxCommand cat $sandbox -InputObject 'x', 'y').Output | Should -BeExactly "x`ny`n"
    }

    It 'is bytes as they are' {
        $bytes = [byte[]](0..255)
        (Invoke-SandboxCommand cat $sandbox -InputObject $bytes).OutputBytes.ToArray() | Should -Be $bytes
        ($bytes | Invoke-SandboxCommand cat $sandbox).OutputBytes.ToArray() | Should -Be $bytes
    }

    It 'is a file as it is' {
        $file = New-TemporaryFile
        try {
            [System.IO.File]::WriteAllText($file.FullName, "no`r`nline end")
            ($file | Invoke-SandboxCommand cat $sandbox).Output | Should -BeExactly "no`r`nline end"
            ($file, $file | Invoke-SandboxCommand cat $sandbox).Output | Should -BeExactly ("no`r`nline end" * 2)
        }
        finally { Remove-Item $file }
    }

    It 'of 3 MB arrives whole, and a command that does not read it ends' {
        (Invoke-SandboxCommand 'wc -c' $sandbox -InputObject ([byte[]]::new(3MB))).Output.Trim() | Should -Be "$(3MB)"
        (Invoke-SandboxCommand 'exit 2' $sandbox -InputObject ([byte[]]::new(3MB)) -Timeout 30).ExitCode | Should -Be 2
    }
}

Describe 'A time-out' {
    BeforeEach { Assert-Engine }

    It 'kills everything that the command started, and keeps what it had written' {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $result = Invoke-SandboxCommand 'echo before; sleep 2001 & setsid sleep 2002 & (setsid sh -c "trap : TERM INT HUP; sleep 2003" &) ; sleep 2004' $sandbox -Timeout 1

        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20
        $result.TimedOut | Should -BeTrue
        $result.ExitCode | Should -BeNullOrEmpty
        $result.Succeeded | Should -BeFalse
        $result.Output | Should -BeExactly "before`n"
        Get-InnerProcess $sandbox | Should -BeNullOrEmpty
    }

    It 'is an error where asked for' {
        $record = $null
        try { Invoke-SandboxCommand 'sleep 100' $sandbox -Timeout 0.5 -FailOnNonZero -ErrorAction Stop } catch { $record = $_ }
        $record.FullyQualifiedErrorId | Should -Match '^TimedOut,'
        $record.Exception.Message | Should -Match '00:00:00\.5'
    }

    It 'does not count where the command is done' {
        (Invoke-SandboxCommand 'echo done' $sandbox -Timeout 30).Output | Should -Be "done`n"
    }
}

Describe 'A command that ends while something that it started goes on' {
    BeforeEach { Assert-Engine }

    It 'ends, although its child holds its output' {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        (Invoke-SandboxCommand 'sleep 30 & echo started' $sandbox).Output | Should -Be "started`n"
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 15
        $null = Invoke-SandboxCommand 'kill $(pgrep -f "sleep 30") 2>/dev/null || for p in /proc/[0-9]*; do grep -qz "^30$" $p/cmdline 2>/dev/null && kill ${p#/proc/}; done' $sandbox
    }
}

Describe '-Detach' {
    BeforeEach { Assert-Engine }

    It 'starts and leaves it running' {
        $result = Invoke-SandboxCommand 'sleep 77' $sandbox -Detach
        $result.ExitCode | Should -BeNullOrEmpty
        Get-InnerProcess $sandbox | Should -Contain 'sleep 77'
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        Remove-Sandbox $sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
