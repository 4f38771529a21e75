# Sandboxes that wait, warm, and what becomes of them when they are claimed.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'pool'

    # The pools of this suite are written down in a file of its own, not in the user's configuration.
    $folder = New-TestFolder
    $poolsBefore = $env:FLOURISHA_POOLS
    $env:FLOURISHA_POOLS = "$folder/pools.json"

    # All that this suite has on the engine, by id.
    function Get-Remainder {
        @(docker ps --all --quiet --no-trunc --filter "label=flourisha.owner=$env:FLOURISHA_OWNER") + @(docker volume ls --quiet --filter "label=flourisha.owner=$env:FLOURISHA_OWNER")
    }

    function Get-Verbose([scriptblock]$Script) {
        @(& $Script 4>&1 | Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }).Message -join "`n"
    }

    $needsAgent = $false
    if ($EngineProblem) { return }

    $probe = New-TestSandbox 'probe'
    $needsAgent = -not $probe.AgentVersion
    $probe | Remove-Sandbox -Confirm:$false
}

AfterAll {
    if (-not $EngineProblem) {
        Get-SandboxPool | Clear-SandboxPool -Confirm:$false
    }
    Exit-Suite
    if (-not $EngineProblem) {
        docker volume ls --quiet --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" | ForEach-Object { $null = docker volume rm --force $_ }
    }
    $env:FLOURISHA_POOLS = $poolsBefore
    Remove-Item $folder -Recurse -Force
}

Describe 'A pool' {
    BeforeEach {
        Assert-Engine
        if ($needsAgent) { Set-ItResult -Skipped -Because 'nothing can wait without an agent, and there is none for the engine''s platform' }
    }

    It 'is not made with -WhatIf' {
        $child = Invoke-Child "Set-SandboxPool -Image $Image -Size 2 -WhatIf"
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Match ([regex]::Escape("What if: Performing the operation `"Have 2 sandboxes wait`" on target `"$Image`"."))
        Test-Path $env:FLOURISHA_POOLS | Should -BeFalse
        Get-SandboxPool | Should -BeNullOrEmpty
        Get-Remainder | Should -BeNullOrEmpty
    }

    It 'is filled by Set-SandboxPool' {
        Set-SandboxPool -Image $Image -Size 1 | Should -BeNullOrEmpty
        $pool = Set-SandboxPool -Image $Image -Size 2 -PassThru
        $pool.Name, $pool.Size, $pool.Ready, $pool.Starting, $pool.Outdated, $pool.Owner | Should -Be $Image, 2, 2, 0, 0, $env:FLOURISHA_OWNER
        $env:FLOURISHA_POOLS | Should -Exist
        (Get-Remainder).Count | Should -Be 2
    }

    It 'is shown as a table, and what waits in it is no sandbox' {
        $table = (Get-SandboxPool | Out-String -Width 200) -split '\r?\n' -ne ''
        $table[0] | Should -Match '^Name +Size +Ready +Starting +Outdated +Owner *$'
        $table[2] | Should -Match "^$([regex]::Escape($Image.Substring(0, 12))).* +2 +2 +0 +0 +$([regex]::Escape($env:FLOURISHA_OWNER)) *$"
        $table.Count | Should -Be 3
        Get-Sandbox | Should -BeNullOrEmpty
        (Get-SandboxPool 'flourisha*', 'debian*').Name | Should -Be $Image
        (Get-ErrorOf { Get-SandboxPool nosuch }).FullyQualifiedErrorId | Should -Match '^PoolNotFound,'
    }

    It 'gives a sandbox that is in all what was asked for, and says so' {
        $waited = Get-Remainder
        $said = Get-Verbose { $script:claimed = New-Sandbox -Image $Image -Name "${Prefix}claimed" -Timeout 20m -Metadata @{ run = '42' } -Environment @{ GREETING = 'good day' } -Verbose }

        $claimed.IsFromPool | Should -BeTrue
        $waited | Should -Contain $claimed.Id
        $said | Should -Match "Claiming '.*' from pool '.*' as '${Prefix}claimed'"
        $said | Should -Not -Match 'made anew'
        foreach ($one in $claimed, (Get-Sandbox "${Prefix}claimed")) {
            $one.Id, $one.Name, $one.State, $one.Owner, $one.Metadata['run'] | Should -Be $claimed.Id, "${Prefix}claimed", 'Running', $env:FLOURISHA_OWNER, '42'
            ($one.Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeGreaterThan 18
            ($one.Deadline - [DateTimeOffset]::UtcNow).TotalMinutes | Should -BeLessOrEqual 20
        }
        (Invoke-SandboxCommand 'echo $GREETING' $claimed).Output | Should -Be "good day`n"
        (Get-SandboxPool).Ready | Should -Be 1
    }

    It 'is left alone with -NoPool' {
        $cold = New-TestSandbox 'cold' @{ NoPool = $true }
        $cold.IsFromPool | Should -BeFalse
        (Get-SandboxPool).Ready | Should -Be 1
        $cold | Remove-Sandbox -Confirm:$false
    }

    It 'says why a sandbox is made anew' {
        $said = Get-Verbose { $script:other = New-TestSandbox 'other' @{ Memory = 64MB; Verbose = $true } }
        $other.IsFromPool | Should -BeFalse
        $said | Should -Match 'None of the|made anew'
        (Get-SandboxPool).Ready | Should -Be 1
        $other | Remove-Sandbox -Confirm:$false
    }

    It 'keeps a claimed one the same when it is stopped and started' {
        $null = Stop-Sandbox $claimed -GracePeriod 1s -PassThru
        $started = Start-Sandbox "${Prefix}claimed" -PassThru
        $started.Id, $started.State, $started.Metadata['run'] | Should -Be $claimed.Id, 'Running', '42'
        (Invoke-SandboxCommand 'echo here' $started).Output | Should -Be "here`n"
    }

    It 'is not cleared with -WhatIf' {
        Clear-SandboxPool $Image -WhatIf
        (Get-SandboxPool).Ready | Should -Be 1
    }

    It 'is cleared with what waits in it, and without what was claimed' {
        (Get-SandboxPool | Clear-SandboxPool -Confirm:$false -PassThru).Name | Should -Be $Image
        Get-SandboxPool | Should -BeNullOrEmpty
        (Get-ErrorOf { Clear-SandboxPool $Image -Confirm:$false }).FullyQualifiedErrorId | Should -Match '^PoolNotFound,'
        Get-Container | Should -Be $claimed.Name
        (Invoke-SandboxCommand 'echo here' $claimed).Output | Should -Be "here`n"
    }
}

Describe 'Register-SandboxPool' {
    It 'says what it would write, and writes nothing' {
        $program = Join-Path $folder 'docker-sandbox'
        Set-Content $program ''
        $unit = ($IsLinux -and (id -u) -eq 0) ? '/etc/systemd/system/flourisha-pool.service' : (Join-Path ([Environment]::GetFolderPath('ApplicationData')) 'systemd/user/flourisha-pool.service')
        $before = (Test-Path $unit) ? (Get-Content $unit -Raw) : $null

        # On no PATH but this one, so that it is known which is found.
        $child = Invoke-Child "`$env:PATH = '$folder'; Register-SandboxPool -WhatIf" @{ DOCKER_HOST = 'unix:///somewhere.sock' }
        if (-not $IsLinux) {
            $child.Error + $child.Output | Should -Match 'systemd'
            return
        }
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Match ([regex]::Escape($unit))
        $child.Output | Should -Match ([regex]::Escape("ExecStart=`"$program`" `"pool`" `"serve`""))
        $child.Output | Should -Match 'Environment="DOCKER_HOST=unix:///somewhere.sock"'
        $child.Output | Should -Match ([regex]::Escape("Environment=`"FLOURISHA_POOLS=$env:FLOURISHA_POOLS`""))
        ((Test-Path $unit) ? (Get-Content $unit -Raw) : $null) | Should -Be $before
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        Get-Sandbox "${Prefix}*" | Remove-Sandbox -Confirm:$false
        Get-Remainder | Should -BeNullOrEmpty
    }
}
