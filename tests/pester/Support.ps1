# What the suites share. Dot-sourced in each one's BeforeAll, after run.ps1 has imported the module.

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
$PSNativeCommandUseErrorActionPreference = $false

$RepositoryRoot = (Resolve-Path "$PSScriptRoot/../..").Path
$ModulePath = (Get-Module FlourishaSandbox).Path -replace 'dll$', 'psd1'

# Why nothing can be tested on an engine here; nothing where it can.
function Get-EngineProblem {
    if (-not (Get-Command docker -CommandType Application -ErrorAction Ignore)) {
        return 'there is no docker CLI, with which these tests look at the engine'
    }
    if ($IsWindows) { return 'these tests run Linux sandboxes from Linux or macOS' }
    try { $null = Get-Sandbox -Name none* -ErrorAction Stop }
    catch { return "no Docker Engine: $($_.Exception.Message)" }
}

# A small image that is on the engine where one was prepared, else one that is pulled.
function Get-TestImage {
    if ($env:FLOURISHA_TEST_IMAGE) { return $env:FLOURISHA_TEST_IMAGE }
    $null = docker image inspect flourisha-sandbox-base:bookworm 2>&1
    $LASTEXITCODE -eq 0 ? 'flourisha-sandbox-base:bookworm' : 'debian:bookworm-slim'
}

# Begins a suite: its sandboxes get an owner and a prefix of their own, because others may use the same engine.
function Enter-Suite([string]$Name) {
    $script:Prefix = "$Name$((Get-Random -Maximum 0x10000).ToString('x4'))-"
    $script:OwnerBefore = $env:FLOURISHA_OWNER
    $env:FLOURISHA_OWNER = "pester-$script:Prefix$PID"
    $script:EngineProblem = Get-EngineProblem
    $script:Image = $script:EngineProblem ? $null : (Get-TestImage)
}

# For BeforeEach of what needs an engine.
function Assert-Engine {
    if ($script:EngineProblem) { Set-ItResult -Skipped -Because $script:EngineProblem }
}

# For BeforeEach of what an agent alone can do.
function Assert-Agent($Sandbox) {
    Assert-Engine
    if (-not $script:EngineProblem -and -not $Sandbox.AgentVersion) { Set-ItResult -Skipped -Because "sandboxes have no agent here: there is none for the engine's platform" }
}

# The names of all containers of this suite, or of another owner, as the engine itself has them.
function Get-Container([string]$Owner = $env:FLOURISHA_OWNER) {
    @(docker ps --all --filter "label=flourisha.owner=$Owner" --format '{{.Names}}')
}

# The command lines of all processes in a sandbox but its own first ones.
function Get-InnerProcess($Sandbox) {
    @(docker top $Sandbox.Id -eo pid,args | Select-Object -Skip 1 | ForEach-Object { $_ -replace '^ *\d+ +' } | Where-Object { $_ -notmatch '^(/\.flourisha/agent|/sbin/docker-init|sleep 600)' })
}

# A sandbox for a suite, ready to run commands.
function New-TestSandbox([string]$Name, [hashtable]$With = @{}) {
    New-Sandbox -Image $script:Image -Name "$script:Prefix$Name" -Timeout 10m @With
}

function Exit-Suite {
    if (-not $script:EngineProblem) {
        Get-Container | ForEach-Object { $null = docker rm --force --volumes $_ }
    }
    $env:FLOURISHA_OWNER = $script:OwnerBefore
}

# A folder of the test's own.
function New-TestFolder {
    (New-Item -ItemType Directory -Path (Join-Path ([System.IO.Path]::GetTempPath()) "flourisha-pester-$([guid]::NewGuid().ToString('n').Substring(0, 8))")).FullName
}

# Starts a PowerShell of its own with the module imported. It says 'go' before it runs the script. Its SIGINT is what a terminal's would be.
function Start-Child([string]$Script, [hashtable]$Environment = @{}) {
    $whole = "`$ProgressPreference = 'SilentlyContinue'; Import-Module '$ModulePath'; [Console]::Out.WriteLine('go'); $Script"
    $start = [System.Diagnostics.ProcessStartInfo]::new('env')
    foreach ($argument in '--default-signal=INT', "$PSHOME/pwsh", '-NoProfile', '-NonInteractive', '-Command', $whole) { $start.ArgumentList.Add($argument) }
    $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
    $start.Environment['NO_COLOR'] = '1'
    foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
    $process = [System.Diagnostics.Process]::Start($start)
    $process.StandardInput.Close()
    $process
}

# Waits for the end of such a process.
function Wait-Child([System.Diagnostics.Process]$Process, [int]$Seconds = 60) {
    $output = $Process.StandardOutput.ReadToEndAsync()
    $failure = $Process.StandardError.ReadToEndAsync()
    $ended = $Process.WaitForExit($Seconds * 1000)
    if (-not $ended) { $Process.Kill($true) }
    [pscustomobject]@{ Ended = $ended; ExitCode = $ended ? $Process.ExitCode : $null; Output = $output.Result; Error = $failure.Result }
}

function Invoke-Child([string]$Script, [hashtable]$Environment = @{}) {
    Wait-Child (Start-Child $Script $Environment)
}

# The error that a script gives: one, terminating or not.
function Get-ErrorOf([scriptblock]$Script) {
    $ErrorActionPreference = 'Continue'
    $found = $null
    try { $null = & $Script -ErrorVariable found 2>&1 | Tee-Object -Variable written }
    catch { return $_ }
    $records = @($written | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })
    if ($records.Count -ne 1) { throw "there are $($records.Count) errors: $records" }
    $records[0]
}
