<#
.SYNOPSIS
    Runs the Pester suites against the module that was built, in this PowerShell.
.PARAMETER ResultPath
    Where to write the results as NUnit XML.
.PARAMETER Path
    Suites to run, separated by commas. All where none is given.
.DESCRIPTION
    Ends with exit code 1 if a test failed, or if something went wrong outside of one.
#>
#Requires -Version 7.4
[CmdletBinding()]
param(
    [string]$ResultPath,
    [string[]]$Path = @($PSScriptRoot)
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'

# Messages go into XML, which takes no escape sequences.
$PSStyle.OutputRendering = 'PlainText'
$env:NO_COLOR = '1'
$env:POWERSHELL_TELEMETRY_OPTOUT = '1'

$module = Get-ChildItem "$PSScriptRoot/../../output/FlourishaSandbox/*/FlourishaSandbox.psd1" -ErrorAction Ignore |
    Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
if (-not $module) {
    [Console]::Error.WriteLine('There is no module in output/FlourishaSandbox: run ./build.sh build first.')
    exit 1
}
Import-Module $module.FullName -Force

# Not by #Requires -Modules: with it, pwsh -File forgets the exit code.
Import-Module Pester -MinimumVersion 5.5

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path -split ',' # pwsh -File hands a list on as one text
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Normal'
$configuration.Output.RenderMode = 'Plaintext'
if ($ResultPath) {
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputFormat = 'NUnitXml'
    $configuration.TestResult.OutputPath = $ResultPath
}

$result = Invoke-Pester -Configuration $configuration

# Pester keeps the reasons to itself.
$result.Skipped | Group-Object { $_.ErrorRecord | Select-Object -First 1 | ForEach-Object { $_.Exception.Message -replace '^is skipped, because ' } } |
    ForEach-Object { "skipped: $($_.Count): $($_.Name)" }
exit [int]($result.Result -ne 'Passed')
