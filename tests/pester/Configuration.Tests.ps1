# Settings in a real PowerShell: binding, sizes, completion, views, and what New-Sandbox makes of them. No engine is needed.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    $script:Variables = 'FLOURISHA_CONFIG', 'FLOURISHA_MACHINE_CONFIG', 'FLOURISHA_MEMORY', 'CONTAINER_MEMORY', 'USE_CONTAINER'
    $script:Before = @{}
    foreach ($name in $Variables) { $Before[$name] = [Environment]::GetEnvironmentVariable($name) }
}

AfterAll {
    foreach ($name in $Variables) { [Environment]::SetEnvironmentVariable($name, $Before[$name]) }
}

Describe 'Settings' {
    BeforeEach {
        $folder = New-TestFolder
        foreach ($name in $Variables) { [Environment]::SetEnvironmentVariable($name, $null) }
        $env:FLOURISHA_CONFIG = Join-Path $folder user.json
        $env:FLOURISHA_MACHINE_CONFIG = Join-Path $folder machine.json
    }

    AfterEach { Remove-Item $folder -Recurse -Force }

    It 'are written as one types them and read with their source' {
        Set-SandboxConfiguration -Name limits.memory -Value 4GB
        Set-SandboxConfiguration limits.cpus 0.5 -Scope Machine
        Set-SandboxConfiguration allowHosts pypi.org, '*.pythonhosted.org'
        Set-SandboxConfiguration audit.enabled $false
        (Get-Content $env:FLOURISHA_CONFIG -Raw | ConvertFrom-Json).limits.memory | Should -Be '4GB'
        $all = Get-SandboxConfiguration | Group-Object Name -AsHashTable
        $all['limits.memory'].Value | Should -Be 4GB
        $all['limits.memory'].Location | Should -Be $env:FLOURISHA_CONFIG
        $all['limits.cpus'].Source | Should -Be Machine
        $all['allowHosts'].Value | Should -Be 'pypi.org', '*.pythonhosted.org'
        $all['audit.enabled'].Value | Should -BeFalse
        $all['timeout'].Source | Should -Be Default
    }

    It 'are taken out with -Remove and with $null' {
        Set-SandboxConfiguration owner me
        Set-SandboxConfiguration owner -Remove
        Set-SandboxConfiguration timeout 30m
        Set-SandboxConfiguration timeout $null
        (Get-Content $env:FLOURISHA_CONFIG -Raw).Trim() | Should -Be '{}'
    }

    It 'are refused with an ErrorId and a remedy, and nothing is written' {
        $e = Get-ErrorOf { Set-SandboxConfiguration limits.memory 1KB }
        $e.FullyQualifiedErrorId | Should -BeLike 'InvalidOption,*'
        $e.ErrorDetails.RecommendedAction | Should -Match '512MB'
        Test-Path $env:FLOURISHA_CONFIG | Should -BeFalse
    }

    It 'are not written with -WhatIf' {
        Set-SandboxConfiguration owner me -WhatIf
        Test-Path $env:FLOURISHA_CONFIG | Should -BeFalse
    }

    It 'warn of a variable that goes above' {
        $env:FLOURISHA_MEMORY = '3GB'
        Set-SandboxConfiguration limits.memory 4GB -PassThru -WarningVariable warning -WarningAction SilentlyContinue | ForEach-Object Text | Should -Be '3GB'
        "$warning" | Should -Match 'FLOURISHA_MEMORY'
    }

    It 'are completed: names, and words' {
        (TabExpansion2 'Get-SandboxConfiguration limits.m').CompletionMatches.CompletionText | Should -Be 'limits.memory'
        (TabExpansion2 'Set-SandboxConfiguration isolation s').CompletionMatches.CompletionText | Should -Be 'standard', 'strict'
    }

    It 'show where they come from in a table' {
        Set-SandboxConfiguration owner me
        Get-SandboxConfiguration owner | Out-String -Width 200 | Should -Match 'owner\s+me\s+User\s+\S+user\.json'
    }

    It 'that are wrong stop a cmdlet before it does anything' {
        '{ "isolation": "tight" }' | Set-Content $env:FLOURISHA_CONFIG
        (Get-ErrorOf { New-Sandbox minimal }).Exception.Message | Should -Match 'isolation'
        Set-SandboxConfiguration isolation strict
        New-Sandbox minimal -WhatIf
    }

    It 'name the template of New-Sandbox' {
        Set-SandboxConfiguration template minimal
        $said = pwsh -NoProfile -Command "Import-Module '$ModulePath'; New-Sandbox -WhatIf" | Out-String
        $said | Should -Match "Create from 'minimal'"
    }
}
