#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Hosts the todo app with its development server in a sandbox, and changes it while a browser has it open.
.DESCRIPTION
    The app is reached through a gateway. Its page is opened in a browser, which is in a sandbox of its own, and files of the app are written
    anew: what is seen changes, and the page is never loaded again. Then the app's suite is run, and its report written.
    Uses the FlourishaSandbox module of this session, else the one that build.sh made, else the installed one.
    Ends with exit code 1 if one of the checks failed.
.PARAMETER Output
    The folder for the report and the pictures.
#>
#Requires -Version 7.4
[CmdletBinding()]
param([string]$Output = "$PSScriptRoot/../../../output/demo/todo")

. "$PSScriptRoot/../checks.ps1"
$Output = $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Output)
$null = New-Item -ItemType Directory -Force $Output
Remove-Item "$Output/evidence" -Recurse -ErrorAction Ignore # of the demo before

$label = 'What is to be done?'
$source = '/workspace/app/src'

# A port of this machine that nobody has: others may have a gateway at the usual one.
function Get-FreePort {
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    try { $listener.LocalEndpoint.Port } finally { $listener.Stop() }
}

function Invoke-Script([string]$Script) { $page | Invoke-SandboxPageScript $Script }

# A file of the app, changed as an editor would.
function Edit-Source([string]$Name, [string]$From, [string]$To) {
    (Get-SandboxContent "$source/$Name" -Sandbox $sandbox -Raw).Replace($From, $To)
}

$sandbox = $page = $gateway = $null
$portBefore = $env:FLOURISHA_GATEWAY_PORT
try {
    Measure-Phase image { $null = 'react', 'browser' | ForEach-Object { Build-SandboxImage $_ } }
    Measure-Phase create { $script:sandbox = New-Sandbox react -Name ('todo-{0:x4}' -f (Get-Random -Maximum 0x10000)) -Routing Gateway -Timeout 10m }
    Measure-Phase host {
        $env:FLOURISHA_GATEWAY_PORT = Get-FreePort
        $script:gateway = Start-SandboxGateway -PassThru
        $sandbox | Copy-SandboxItem -Path "$PSScriptRoot/app" -Destination '/workspace/' -ToSandbox
        $null = Start-SandboxProcess vite $sandbox -WorkingDirectory /workspace/app -Tag server
        $address = Get-SandboxHost $sandbox 5173 -Wait -Path /health
        Test-That 'it is reached through the gateway' "5173-$($sandbox.ShortId)" $address.Url.Host.Split('.')[0]
        Test-That 'nothing of it is published' '' $sandbox.Ports.HostPort
    }
    Measure-Phase suite {
        $results = Test-SandboxApp $sandbox "$PSScriptRoot/sandbox-tests.yaml" -Report $Output -Evidence "$Output/evidence"
        Test-That 'its suite passes' '0' @($results | Where-Object Status -EQ Failed).Count
    }
    Measure-Phase open {
        $script:page = Open-SandboxPage $sandbox 5173 -Viewport phone
        Test-That 'the page is open' 'To do' $page.Title
        $page | Invoke-SandboxPageAction Type -Label $label -Value 'Water the plants'
        $page | Invoke-SandboxPageAction Press -Value Enter
        $page | Invoke-SandboxPageAction WaitFor -Text 'Water the plants'

        # What a page forgets that is loaded again: a variable, and what somebody has begun to type.
        $null = Invoke-Script 'window.memory = "kept"'
        $page | Invoke-SandboxPageAction Type -Label $label -Value 'Half a thought'
    }
    Measure-Phase change {
        Edit-Source App.jsx '>To do<' '>Still to do<' | Set-SandboxContent "$source/App.jsx" -Sandbox $sandbox -NoNewline
        $page | Invoke-SandboxPageAction WaitFor -Role heading -Name 'Still to do'
        Test-That 'the open page shows the change' 'Still to do' ($page | Get-SandboxPageContent Text -Css h1)

        # From base64, and with a colour that nothing had before: Tailwind has to make its class now.
        $colour = 'getComputedStyle(document.querySelector("form button")).backgroundColor'
        $before = Invoke-Script $colour
        $button = [System.Text.Encoding]::UTF8.GetBytes((Edit-Source NewTodo.jsx 'bg-emerald-700' 'bg-indigo-700'))
        [convert]::ToBase64String($button) | Set-SandboxContent "$source/NewTodo.jsx" -Sandbox $sandbox -Base64
        $page | Invoke-SandboxPageAction WaitFor -Css 'form button.bg-indigo-700'
        Test-That 'and one that came as base64' 'True' (Invoke-Script "new Promise((done) => { const look = () => $colour !== '$before' ? done(true) : setTimeout(look, 50); look(); })")
        Test-That 'it was not loaded again' 'kept' (Invoke-Script 'window.memory ?? "forgotten"')
        Test-That 'nor forgot what was being typed' 'Half a thought' ($page | Get-SandboxPageContent Value -Label $label)
        $null = $page | Save-SandboxScreenshot "$Output/phone.png" -Force
        $null = Save-SandboxScreenshot "$Output/desktop.png" $sandbox 5173 -Viewport desktop -Force
    }
    Measure-Phase remove {
        Get-Sandbox | Remove-Sandbox -Confirm:$false
        Test-That 'nothing is left' '0' @(Get-Sandbox).Count
    }
}
finally {
    if ($gateway) { $gateway | Stop-SandboxGateway -Confirm:$false }
    $env:FLOURISHA_GATEWAY_PORT = $portBefore
    Exit-Demo
}

Write-Host "The report is in $Output/report.html"
Complete-Checks
