# What the demos share: the module, what was checked, and how long each phase took. To be dot-sourced, not run.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$repository = Resolve-Path "$PSScriptRoot/../.."

# The module of this session, else the one that build.sh made, else the installed one.
if (-not (Get-Module FlourishaSandbox)) {
    $built = Get-ChildItem "$repository/output/FlourishaSandbox/*/FlourishaSandbox.psd1" -ErrorAction Ignore |
        Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
    Import-Module ($built ? $built.FullName : 'FlourishaSandbox')
}

# An owner of its own: what a demo makes, its browser too, is told from everything else, and goes with it.
$ownerBefore = $env:FLOURISHA_OWNER
$env:FLOURISHA_OWNER = 'demo-{0:x8}' -f (Get-Random -Maximum ([int]::MaxValue))

$checks = [System.Collections.Generic.List[object]]::new()
$phases = [ordered]@{}

function Test-That([string]$Check, [string]$Expected, [string]$Got) {
    $checks.Add([pscustomobject]@{ Check = $Check; Expected = $Expected; Got = $Got; Ok = $Expected -ceq $Got })
}

function Measure-Phase([string]$Name, [scriptblock]$Body) {
    Write-Host "$Name ..."
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    & $Body
    $phases[$Name] = $clock.Elapsed
}

# For the end, however it comes: nothing stays behind, and what was checked is told.
function Exit-Demo {
    Get-Sandbox | Remove-Sandbox -Confirm:$false -ErrorAction Continue
    $env:FLOURISHA_OWNER = $ownerBefore
    if (-not $checks.Count) { return }
    $checks | Format-Table -AutoSize -Wrap | Out-String -Width 160 | Write-Host
    $phases.GetEnumerator() |
        Format-Table @{ Name = 'Phase'; Expression = 'Key' }, @{ Name = 'Took'; Expression = { '{0:0} ms' -f $_.Value.TotalMilliseconds } } |
        Out-String | Write-Host
}

# Says how it came out, and ends with exit code 1 if one of the checks failed.
function Complete-Checks {
    $failed = @($checks | Where-Object Ok -EQ $false).Count
    Write-Host "checks: $($checks.Count - $failed) passed, $failed failed"
    exit ($failed ? 1 : 0)
}
