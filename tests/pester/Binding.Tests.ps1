# How PowerShell binds: parameter sets, positions, the pipeline by value and by property name, and every way to name a sandbox.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'bind'
}

AfterAll { Exit-Suite }

Describe 'The module' {
    It 'exports approved verbs only' {
        Get-Command -Module FlourishaSandbox | Where-Object Verb -NotIn (Get-Verb).Verb | Should -BeNullOrEmpty
    }

    It 'exports the cmdlets that its manifest names, and nothing else' {
        $module = Get-Module FlourishaSandbox
        $named = (Import-PowerShellDataFile $ModulePath).CmdletsToExport
        $named.Count | Should -BeGreaterThan 40
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($named | Sort-Object)
        $module.ExportedFunctions.Count + $module.ExportedAliases.Count + $module.ExportedVariables.Count | Should -Be 0
    }

    It 'has a valid manifest' {
        (Test-ModuleManifest $ModulePath).Version | Should -Be (Split-Path (Split-Path $ModulePath) -Leaf)
    }

    It 'can be imported twice, removed and imported again' {
        $child = Invoke-Child @"
            Import-Module '$ModulePath' -Force; Import-Module '$ModulePath'
            Remove-Module FlourishaSandbox
            if (Get-Command Get-Sandbox -ErrorAction Ignore) { 'still there' }
            Import-Module '$ModulePath'
            (Get-Command -Module FlourishaSandbox).Count
"@
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Be "go`n$((Get-Module FlourishaSandbox).ExportedCmdlets.Count)`n"
    }

    It 'adds nothing to the session but itself' {
        (Invoke-Child '@(Get-Module).Name -join ","').Output | Should -Be "go`nFlourishaSandbox`n"
    }
}

Describe 'Parameter sets' {
    It '<Command> has the sets <Sets>, by default <Default>' -ForEach @(
        @{ Command = 'New-Sandbox'; Sets = 'Checkpoint, Image, Template'; Default = 'Template' }
        @{ Command = 'Get-Sandbox'; Sets = 'Id, Name'; Default = 'Name' }
        @{ Command = 'Invoke-SandboxCommand'; Sets = 'Input, Sandbox'; Default = 'Sandbox' }
        @{ Command = 'Copy-SandboxItem'; Sets = 'FromSandbox, Path, ToSandbox'; Default = 'Path' }
        @{ Command = 'Build-SandboxImage'; Sets = 'Path, Template'; Default = 'Template' }
        @{ Command = 'Get-SandboxProcess'; Sets = 'Process, Sandbox'; Default = 'Sandbox' }
        @{ Command = 'Get-SandboxContent'; Sets = 'Bytes, Lines, Raw'; Default = 'Lines' }
        @{ Command = 'Stop-SandboxProcess'; Sets = '__AllParameterSets'; Default = '' }
        @{ Command = 'Remove-Sandbox'; Sets = '__AllParameterSets'; Default = '' }
    ) {
        $found = Get-Command $Command
        ($found.ParameterSets.Name | Sort-Object) -join ', ' | Should -Be $Sets
        "$($found.DefaultParameterSet)" | Should -Be $Default
    }

    It '<_> cannot be called' -ForEach @(
        'New-Sandbox -Template minimal -Image x'
        'Get-Sandbox -Name a -Id b'
        'Copy-SandboxItem a b -ToSandbox -FromSandbox -Sandbox t'
        'Build-SandboxImage minimal -Path x'
        'Build-SandboxImage minimal -Name x'
        'Invoke-SandboxCommand uname t1 -Memory 5'
        'Get-SandboxContent t1:/a -Raw -AsByteStream'
        'Get-SandboxContent t1:/a -Raw -TotalCount 1'
    ) {
        (Get-ErrorOf ([scriptblock]::Create($_))).FullyQualifiedErrorId | Should -Match '^(AmbiguousParameterSet|NamedParameterNotFound|PositionalParameterNotFound),'
    }
}

Describe 'A sandbox, named' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandbox = New-TestSandbox 'one' @{ Port = 8000 }
        $other = New-TestSandbox 'two'
    }
    AfterAll { if (-not $EngineProblem) { $sandbox, $other | Remove-Sandbox -Confirm:$false } }
    BeforeEach { Assert-Engine }

    It 'by <Way>' -ForEach @(
        @{ Way = 'the object'; Reference = { $sandbox } }
        @{ Way = 'the name'; Reference = { $sandbox.Name } }
        @{ Way = 'the id'; Reference = { $sandbox.Id } }
        @{ Way = 'the short id'; Reference = { $sandbox.ShortId } }
        @{ Way = 'six digits of the id'; Reference = { $sandbox.Id.Substring(0, 6) } }
        @{ Way = 'a wildcard'; Reference = { "$($Prefix)o*" } }
    ) {
        $reference = & $Reference
        (Invoke-SandboxCommand 'true' $reference).Sandbox.Id | Should -Be $sandbox.Id
        (Invoke-SandboxCommand 'true' -Sandbox $reference).Sandbox.Id | Should -Be $sandbox.Id
        ($reference | Invoke-SandboxCommand 'true').Sandbox.Id | Should -Be $sandbox.Id
        ($reference | Get-SandboxHost).Sandbox.Id | Should -Be $sandbox.Id
    }

    It 'by the property <Property> of any object' -ForEach @(
        @{ Property = 'Name'; Value = { $sandbox.Name } }
        @{ Property = 'Id'; Value = { $sandbox.Id } }
        @{ Property = 'Sandbox'; Value = { $sandbox } }
        @{ Property = 'Sandbox'; Value = { $sandbox.ShortId } }
    ) {
        ([pscustomobject]@{ $Property = & $Value } | Invoke-SandboxCommand 'true').Sandbox.Id | Should -Be $sandbox.Id
    }

    It 'several at once' {
        (Invoke-SandboxCommand 'true' $other, $sandbox.Name).Sandbox.Name | Should -Be $other.Name, $sandbox.Name
    }

    It 'keeps a chain of cmdlets going' {
        $last = $sandbox | Get-SandboxHost | Invoke-SandboxCommand 'echo 1 > /tmp/x' | Invoke-SandboxCommand 'cat /tmp/x'
        $last.Output | Should -Be "1`n"
        $last.Sandbox.Name | Should -Be $sandbox.Name
        (Get-SandboxChildItem "$($sandbox.Name):/tmp/x" | Invoke-SandboxCommand 'true').Sandbox.Name | Should -Be $sandbox.Name
    }

    It 'is found by Get-Sandbox from the pipeline, as text and as an object' {
        ($sandbox | Get-Sandbox).Id | Should -Be $sandbox.Id
        ($sandbox.Name | Get-Sandbox).Id | Should -Be $sandbox.Id
        (Get-Sandbox -Id $sandbox.ShortId, $other.Id).Name | Should -Be $sandbox.Name, $other.Name
    }
}

Describe 'New-Sandbox by the pipeline' {
    BeforeEach { Assert-Engine }

    It 'takes names by property name, and keeps every other parameter' {
        $made = [pscustomobject]@{ Name = "${Prefix}p1" }, [pscustomobject]@{ Name = "${Prefix}p2" } |
            New-Sandbox -Image $Image -Timeout 10m -Metadata @{ suite = 'bind'; n = 1.5 }
        try {
            $made.Name | Should -Be "${Prefix}p1", "${Prefix}p2"
            # Made side by side, the second may be the older one.
            (Get-Sandbox -Metadata @{ suite = 'bind'; n = 1.5 }).Name | Sort-Object | Should -Be $made.Name
            Get-Sandbox -Metadata @{ suite = 'bind'; n = 2 } | Should -BeNullOrEmpty
            (Get-Sandbox "${Prefix}p*" -State Running).Name | Sort-Object | Should -Be $made.Name
            Get-Sandbox "${Prefix}p*" -State Stopped | Should -BeNullOrEmpty
        }
        finally { $made | Remove-Sandbox -Confirm:$false }
    }

    It 'takes spans as <_>' -ForEach 600, 600.0, '600', '10m', '00:10:00', ([timespan]'0:10') {
        $made = New-Sandbox -Image $Image -Timeout $_
        try { [math]::Round(($made.Deadline - $made.CreatedAt).TotalSeconds) | Should -Be 600 }
        finally { Remove-Sandbox $made -Confirm:$false }
    }
}

Describe 'A session' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandbox = New-TestSandbox 'session'
    }
    AfterAll { if (-not $EngineProblem) { $sandbox | Remove-Sandbox -Confirm:$false } }
    BeforeEach { Assert-Engine }

    It 'may be strict, stop at errors, and be Turkish' {
        $child = Invoke-Child @"
            [System.Threading.Thread]::CurrentThread.CurrentCulture = [cultureinfo]::CurrentCulture = 'tr-TR'
            [cultureinfo]::CurrentUICulture = 'tr-TR'
            Set-StrictMode -Version Latest; `$ErrorActionPreference = 'Stop'
            `$made = New-Sandbox -Image $Image -Name '${Prefix}INDIGO' -Cpu 0.5 -Metadata @{ N = 1.5; I = 'ı' } -Timeout '10m'
            `$made | Format-List | Out-Null; Get-Sandbox | Format-Table | Out-Null
            (Get-Sandbox '${Prefix}indi*').Name
            `$made.Limits.Cpus.ToString([cultureinfo]::InvariantCulture) + ' ' + `$made.Metadata['N']
            (`$made | Invoke-SandboxCommand 'echo `$N' -Environment @{ N = 1.5 } -Timeout 30.5).Output
            `$made | Remove-Sandbox -Confirm:`$false
            try { Get-Sandbox '${Prefix}INDIGO' } catch { `$_.FullyQualifiedErrorId }
"@
        $child.Error | Should -BeNullOrEmpty
        ($child.Output -split '\n' -ne '') | Should -Be 'go', "${Prefix}INDIGO", '0.5 1.5', '1.5', 'SandboxNotFound,FlourishaSandbox.Cmdlets.GetSandboxCommand'
    }

    It 'may have many runspaces: ForEach-Object -Parallel' {
        $outputs = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:ModulePath
            (Invoke-SandboxCommand "echo $_" $using:sandbox).Output.Trim()
        } -ThrottleLimit 4
        $outputs | Sort-Object | Should -Be '1', '2', '3', '4'
    }

    It 'may have jobs in threads, which can be stopped' {
        $job = Start-ThreadJob { Import-Module $using:ModulePath; Invoke-SandboxCommand 'echo there' ($using:sandbox).Name }
        ($job | Receive-Job -Wait -AutoRemoveJob).Output | Should -Be "there`n"

        $job = Start-ThreadJob { Import-Module $using:ModulePath; Invoke-SandboxCommand 'sleep 1234' ($using:sandbox).Name }
        $running = { docker top $sandbox.Id -eo pid,args | Select-String 'sleep 1234' }
        $patience = [datetime]::UtcNow.AddSeconds(20)
        while (-not (& $running) -and [datetime]::UtcNow -lt $patience) { Start-Sleep -Milliseconds 50 }
        & $running | Should -Not -BeNullOrEmpty
        $job | Stop-Job
        $job | Remove-Job
        & $running | Should -BeNullOrEmpty
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
