#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, shows and tests FlourishaSandbox: the verbs of build.sh for PowerShell on any platform.
.DESCRIPTION
    On Linux build.sh does the work, because it can install what is missing. Elsewhere the .NET SDK
    and, but for build, a running Docker Engine (Docker Desktop, for example) have to be there.
#>
#Requires -Version 7.4
[CmdletBinding()]
param(
    [ValidateSet('build', 'demo', 'test', 'bench', 'clean')]
    [string]$Verb = 'build'
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
# A program that fails ends the script.
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot

if ($IsLinux) {
    $PSNativeCommandUseErrorActionPreference = $false
    & ./build.sh $Verb
    exit $LASTEXITCODE
}

function Build-All {
    dotnet build FlourishaSandbox.sln -c Release
    dotnet msbuild Stage.proj -restore -t:Stage -p:Configuration=Release -v:minimal
}

function Get-Program([string]$Project) { "artifacts/bin/$Project/release/$Project.dll" }

switch ($Verb) {
    'build' { Build-All }
    'demo' {
        Build-All
        & ./docs/examples/calculator/demo.ps1
        exit $LASTEXITCODE
    }
    'test' {
        Build-All
        # Every suite runs, whatever became of the one before.
        $PSNativeCommandUseErrorActionPreference = $false
        $results = New-Item -ItemType Directory -Force artifacts/test-results
        $failed = 0
        foreach ($project in (Get-ChildItem tests/*/*.Tests.csproj).BaseName) {
            dotnet (Get-Program $project) -noLogo -xml "$results/$project.xml"
            $failed += [int]($LASTEXITCODE -ne 0)
        }
        pwsh -NoProfile -NonInteractive -File tests/pester/run.ps1 -ResultPath "$results/pester.xml"
        $failed += [int]($LASTEXITCODE -ne 0)
        Write-Host ($failed ? "$failed suites failed" : 'every suite passed')
        exit ($failed ? 1 : 0)
    }
    'bench' { Build-All; dotnet (Get-Program FlourishaSandbox.Benchmarks) }
    'clean' {
        Remove-Item artifacts, output -Recurse -Force -ErrorAction Ignore
        $ours = '--filter', 'label=flourisha.sandbox'
        docker ps --all --quiet @ours | ForEach-Object { docker rm --force --volumes $_ }
        docker network ls --quiet @ours | ForEach-Object { docker network rm $_ }
        docker volume ls --quiet @ours | ForEach-Object { docker volume rm --force $_ }
        docker images --quiet @ours | Select-Object -Unique | ForEach-Object { docker rmi --force $_ }
    }
}
