#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, hosts, checks and removes the calculator in a sandbox, in PowerShell.
.DESCRIPTION
    Uses the FlourishaSandbox module of this session, else the one that build.sh made, else the installed one.
    Ends with exit code 1 if one of the checks failed.
.PARAMETER Output
    The folder for the report and the pictures.
#>
#Requires -Version 7.4
[CmdletBinding()]
param([string]$Output = "$PSScriptRoot/../../../output/demo/calculator")

. "$PSScriptRoot/../checks.ps1"
$Output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
$null = New-Item -ItemType Directory -Force $Output
Remove-Item "$Output/evidence" -Recurse -ErrorAction Ignore # of the demo before

# --- the application, as seen from outside ---

function Invoke-Calculator([string]$Method, [string]$Path, [hashtable]$Body) {
    $request = @{
        Method = $Method; Uri = "$script:url$Path"; TimeoutSec = 10; NoProxy = $true
        SkipHttpErrorCheck = $true; StatusCodeVariable = 'status'
    }
    if ($Body) { $request += @{ Body = $Body | ConvertTo-Json; ContentType = 'application/json' } }
    $content = Invoke-RestMethod @request
    [pscustomobject]@{ Status = $status; Content = $content }
}

function Get-Calculation([string]$Expression) {
    $answer = Invoke-Calculator POST '/api/calculate' @{ expression = $Expression }
    $answer.Status -eq 200 ? $answer.Content.result : "$($answer.Status) $($answer.Content.detail)"
}

function Get-Remembered { (Invoke-Calculator GET '/api/history').Content.expression -join ' ' }

function Start-Calculator {
    $null = Invoke-SandboxCommand -Sandbox $sandbox -Command 'uvicorn main:app --host 0.0.0.0 --port 8000' -WorkingDirectory /workspace/app -Detach
    $address = Get-SandboxHost -Sandbox $sandbox -Port 8000 -Wait -Path /health -Timeout 00:00:30
    $script:url = "$($address.Url)".TrimEnd('/')
}

$url = $null
$sandbox = $null
try {
    Measure-Phase image { $null = 'fullstack', 'browser' | ForEach-Object { Build-SandboxImage $_ } }
    Measure-Phase create {
        $name = 'calculator-{0:x4}' -f (Get-Random -Maximum 0x10000)
        $script:sandbox = New-Sandbox -Template fullstack -Name $name -Timeout (New-TimeSpan -Minutes 10)
    }
    Measure-Phase copy {
        $sandbox | Copy-SandboxItem -Path "$PSScriptRoot/app" -Destination '/workspace/' -ToSandbox
        Test-That 'the application arrived' 'main.py' ((Get-SandboxChildItem -Sandbox $sandbox -Path /workspace/app).Name -eq 'main.py')
        Test-That 'it belongs to the sandbox user' 'coder' (Invoke-SandboxCommand -Sandbox $sandbox -Command 'stat -c %U /workspace/app/main.py').Output.Trim()
    }
    Measure-Phase test {
        $run = Invoke-SandboxCommand -Sandbox $sandbox -Command 'python3 -m pytest -q -p no:cacheprovider' -WorkingDirectory /workspace/app -Timeout 00:02:00
        Test-That 'its own tests pass inside' 'exit 0' "exit $($run.ExitCode)"
    }
    Measure-Phase host {
        Start-Calculator
        Test-That 'healthy from outside' 'ok' (Invoke-Calculator GET '/health').Content.status
        $inside = (Invoke-SandboxCommand -Sandbox $sandbox -Command 'curl -s http://localhost:8000/health').Output | ConvertFrom-Json
        Test-That 'healthy from inside' 'ok' $inside.status
        $page = (Invoke-WebRequest "$url/" -TimeoutSec 10 -NoProxy).Content
        Test-That 'the page is served' '<title>Calculator</title>' ([regex]::Match($page, '<title>.*</title>').Value)
    }
    Measure-Phase calculate {
        Test-That '5+3' '8' (Get-Calculation '5+3')
        Test-That '10*6' '60' (Get-Calculation '10*6')
        Test-That '10-2' '8' (Get-Calculation '10-2')
        Test-That 'division by zero is refused' '400 Division by zero.' (Get-Calculation '1/0')
        Test-That 'code is refused' '400 Only numbers, + - * / and parentheses are understood.' (Get-Calculation "__import__('os').system('id')")
        Test-That 'the history knows what was right' '10-2 10*6 5+3' (Get-Remembered)
    }
    Measure-Phase restart {
        $stop = 'pkill -x uvicorn; while curl -s -o /dev/null http://localhost:8000/health; do sleep 0.1; done'
        $null = Invoke-SandboxCommand -Sandbox $sandbox -Command $stop -Timeout 00:00:20
        $meanwhile = try { $null = Invoke-Calculator GET '/health'; 'an answer' } catch { 'no answer' }
        Test-That 'the server is down meanwhile' 'no answer' $meanwhile
        Start-Calculator
        Test-That 'the history survives a restart' '10-2 10*6 5+3' (Get-Remembered)
    }
    Measure-Phase delete {
        Test-That 'the history is deleted' '3' (Invoke-Calculator DELETE '/api/history').Content.deleted
        Test-That 'nothing is left of it' '0' @((Invoke-Calculator GET '/api/history').Content).Count
    }
    Measure-Phase browse {
        $page = Open-SandboxPage $sandbox 8000 -Viewport phone
        foreach ($key in '5', '+', '3', '=') { $page | Invoke-SandboxPageAction Click -Role button -Name $key }
        $page | Invoke-SandboxPageAction WaitFor -Css '#history li'
        Test-That '5 + 3 = shows' '8' ($page | Get-SandboxPageContent Value -Label Expression)
        Test-That 'and is in the history' '5+3 = 8' (($page | Get-SandboxPageContent Text -Css '#history li:first-child') -replace '\s+', ' ')
        Test-That 'its console is silent' '0' @($page | Get-SandboxPageContent Console).Count
        $null = $page | Save-SandboxScreenshot "$Output/phone.png" -Force
        $null = Save-SandboxScreenshot "$Output/desktop.png" $sandbox 8000 -Viewport desktop -Force
    }
    Measure-Phase suite {
        $results = Test-SandboxApp $sandbox "$PSScriptRoot/sandbox-tests.yaml" -Report $Output -Evidence "$Output/evidence"
        Test-That 'its suite passes' '0' @($results | Where-Object Status -EQ Failed).Count
    }
    Measure-Phase remove {
        Get-Sandbox | Remove-Sandbox -Confirm:$false
        Test-That 'nothing is left' '0' @(Get-Sandbox).Count
    }
}
finally {
    Exit-Demo
}

Write-Host "The report is in $Output/report.html"
Complete-Checks
