# Addresses: ports that nobody named, why an app does not answer, and what is written for Traefik.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'hosting'
    $folder = New-TestFolder

    # A server in Perl, which the image has: it says what it was asked, and answers with one text.
    function Get-Server([int]$Port, [string]$Answer = 'HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello', [string]$Address = '0.0.0.0') {
        "exec perl -MIO::Socket::INET -e '`$|=1; `$s=IO::Socket::INET->new(LocalAddr=>`"$Address`",LocalPort=>$Port,Listen=>9,ReuseAddr=>1) or die; while(`$c=`$s->accept){`$r=<`$c>; print `"asked: `$r`"; while(<`$c>){last if /^\r\n`$/} print `$c `"$Answer`"; close `$c}'"
    }

    if (-not $EngineProblem) { $sandbox = New-TestSandbox 'app' @{ Port = 8000 } }
}

AfterAll {
    Exit-Suite
    Remove-Item $folder -Recurse -Force
}

Describe 'Get-SandboxHost' {
    BeforeEach {
        Assert-Agent $sandbox
        Get-SandboxProcess $sandbox | Stop-SandboxProcess -Confirm:$false -ErrorAction Ignore
    }

    It 'gives a port that was not named when the sandbox was made, and the same one again' {
        $null = Start-SandboxProcess (Get-Server 3000) $sandbox
        $address = Get-SandboxHost $sandbox 3000 -Wait
        $address.Ready | Should -BeTrue
        $address.Public | Should -BeFalse
        $address.Routing | Should -Be 'Port'
        (Invoke-WebRequest $address.Url -NoProxy -TimeoutSec 10).Content | Should -Be 'hello'
        (Get-SandboxHost $sandbox 3000).Url | Should -Be $address.Url
        ($address | Format-Table | Out-String) | Should -Match "app +3000 True +False +$([regex]::Escape($address.Url))"
    }

    It 'completes ports that are listened on, and those that were named' {
        $null = Start-SandboxProcess (Get-Server 3000) $sandbox
        $null = Get-SandboxHost $sandbox 3000 -Wait
        $line = "Get-SandboxHost $($sandbox.Name) -Port "
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be '3000', '8000'
    }

    It 'says verbosely by which way it is reached' {
        (Get-SandboxHost $sandbox 8000 -Verbose 4>&1 | Out-String) | Should -Match 'where the engine publishes it'
    }

    It 'says that nothing listens, and where something does' {
        (Get-ErrorOf { Get-SandboxHost $sandbox 8000 -Wait -Timeout 1 }).Exception.Message | Should -Match 'nothing listens in the sandbox'
        $null = Start-SandboxProcess (Get-Server 9000) $sandbox
        Start-Sleep -Milliseconds 500
        (Get-ErrorOf { Get-SandboxHost $sandbox 8000 -Wait -Timeout 3 }).Exception.Message | Should -Match 'nothing listens on port 8000 in the sandbox, but on 9000 \(perl\)'
    }

    It 'says that a server listens on loopback only, and what to do' {
        $null = Start-SandboxProcess (Get-Server 8000 -Address 127.0.0.1) $sandbox
        $reason = Get-ErrorOf { Get-SandboxHost $sandbox 8000 -Wait -Timeout 3 }
        $reason.Exception.Message | Should -Match 'perl listens on 127\.0\.0\.1 only'
        $reason.ErrorDetails.RecommendedAction | Should -Match '0\.0\.0\.0'
    }

    It 'says that the app has ended, without waiting any longer' {
        $null = Start-SandboxProcess 'echo "port taken" >&2; exit 3' $sandbox -Tag api
        $reason = Get-ErrorOf { Get-SandboxHost $sandbox 8000 -Wait -Timeout 1h }
        $reason.FullyQualifiedErrorId | Should -Be 'AppEnded,FlourishaSandbox.Cmdlets.GetSandboxHostCommand'
        $reason.Exception.Message | Should -Match '(?s)\(api\), which was started last, has ended with exit code 3.*\n  port taken$'
    }

    It 'says which status a server answers with, and what it wrote last' {
        $null = Start-SandboxProcess (Get-Server 8000 'HTTP/1.0 503 Busy\r\n\r\n') $sandbox
        (Get-ErrorOf { Get-SandboxHost $sandbox 8000 -Wait -Path /health -Timeout 3 }).Exception.Message | Should -Match '(?s)status 503.*\n  asked: GET /health'
    }

    It 'takes what it published along when the sandbox goes' {
        Remove-Sandbox $sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
        docker network ls --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" --format '{{.Name}}' | Should -BeNullOrEmpty
    }
}

Describe 'Export-SandboxTraefikConfiguration' {
    BeforeAll {
        $before = $env:FLOURISHA_DOMAIN, $env:FLOURISHA_GATEWAY_URL
        $env:FLOURISHA_DOMAIN = 'sandboxes.example.com'
        $env:FLOURISHA_GATEWAY_URL = 'https://sandboxes.example.com'
    }
    AfterAll { $env:FLOURISHA_DOMAIN, $env:FLOURISHA_GATEWAY_URL = $before }

    It 'gives text, or writes a file' {
        $text = Export-SandboxTraefikConfiguration
        $text | Should -Match 'HostRegexp\(`\^.*\\\.sandboxes\\\.example\\\.com\$`\)'
        Push-Location $folder
        try { (Export-SandboxTraefikConfiguration sandboxes.yml).FullName | Should -Be "$folder/sandboxes.yml" }
        finally { Pop-Location }
        Get-Content "$folder/sandboxes.yml" -Raw | Should -BeExactly $text
    }

    It 'replaces no file but with -Force, and writes none with -WhatIf' {
        Set-Content "$folder/mine.yml" 'mine'
        { Export-SandboxTraefikConfiguration "$folder/mine.yml" } | Should -Throw '*is there already*'
        Export-SandboxTraefikConfiguration "$folder/mine.yml" -Force -WhatIf
        Get-Content "$folder/mine.yml" | Should -Be 'mine'
        $null = Export-SandboxTraefikConfiguration "$folder/mine.yml" -Force
        Get-Content "$folder/mine.yml" | Should -Not -Be 'mine'
    }

    It 'says what is missing' {
        $env:FLOURISHA_DOMAIN = $env:FLOURISHA_GATEWAY_URL = $null
        { Export-SandboxTraefikConfiguration } | Should -Throw "*setting 'domain'*"
        $env:FLOURISHA_DOMAIN = 'sandboxes.example.com'
        Export-SandboxTraefikConfiguration -WarningVariable warning -WarningAction SilentlyContinue | Should -Not -BeNullOrEmpty
        $warning | Should -Match 'gateway\.url'
        { Export-SandboxTraefikConfiguration -Static -Email a@example.com } | Should -Throw '*traefik.certificateResolver*'
    }
}
