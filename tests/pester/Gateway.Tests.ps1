# The gateway: started, found, used and ended, as PowerShell binds and shows it.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'gateway'
    $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
    $listener.Start()
    $port = $listener.LocalEndpoint.Port
    $listener.Stop()
    $portBefore = $env:FLOURISHA_GATEWAY_PORT
    $env:FLOURISHA_GATEWAY_PORT = $port
    if ($EngineProblem) { return }

    $gateway = Start-SandboxGateway -PassThru
}

AfterAll {
    if (-not $EngineProblem) { Get-SandboxGateway | Where-Object Port -EQ $port | Stop-SandboxGateway }
    $env:FLOURISHA_GATEWAY_PORT = $portBefore
    Exit-Suite
}

Describe 'Start-SandboxGateway and Get-SandboxGateway' {
    BeforeEach { Assert-Engine }

    It 'starts one where the settings say, which is found by whoever looks' {
        $gateway.Port | Should -Be $port
        $gateway.Url | Should -Be "http://PORT-ID.localhost:$port"
        $gateway.Exposed | Should -BeFalse
        (Get-SandboxGateway $port).ProcessId | Should -Be $gateway.ProcessId
        (Invoke-Child "(Get-SandboxGateway $port).ProcessId").Output | Should -Match "(?m)^$($gateway.ProcessId)`$"
        $gateway | Format-Table | Out-String | Should -Match "$port 127\.0\.0\.1 +$($gateway.ProcessId) False +False +http://PORT-ID"
    }

    It 'starts no second one there, and says which there is' {
        $failure = Get-ErrorOf { Start-SandboxGateway }
        $failure.FullyQualifiedErrorId | Should -Match '^NameInUse,'
        $failure.Exception.Message | Should -Match "127\.0\.0\.1:$port .* process $($gateway.ProcessId)"
    }

    It 'says why one does not start' {
        $taken = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $taken.Start()
        try {
            $failure = Get-ErrorOf { Start-SandboxGateway $taken.LocalEndpoint.Port -WarningAction Ignore }
            $failure.Exception.Message | Should -Match "'$($taken.LocalEndpoint.Port)' is taken"
        }
        finally { $taken.Stop() }

        (Get-ErrorOf { Start-SandboxGateway -Certificate /no/such.pem }).FullyQualifiedErrorId | Should -Match '^PathNotFound,'
        (Get-ErrorOf { Get-SandboxGateway 1 }).FullyQualifiedErrorId | Should -Match '^ProcessNotFound,'
    }

    It 'does nothing with -WhatIf' {
        Start-SandboxGateway 1 -WhatIf -WarningAction Ignore
        Stop-SandboxGateway $port -WhatIf
        $ports = @(Get-SandboxGateway | ForEach-Object Port)
        $ports | Should -Contain $port
        $ports | Should -Not -Contain 1
    }
}

Describe 'Get-SandboxHost -Link' {
    BeforeEach { Assert-Engine }

    It 'opens a private port in a browser, for a while' {
        $sandbox = New-TestSandbox 'private' @{ Port = 8000; Routing = 'Gateway'; Private = $true }
        Assert-Agent $sandbox
        $null = Start-SandboxProcess 'exec perl -MIO::Socket::INET -e ''$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die; while ($c = $s->accept) { while (<$c>) { last if /^\r\n$/ } print $c "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"; close $c }''' $sandbox
        $address = $sandbox | Get-SandboxHost -Wait -Path '/page?a=1' -ValidFor 5m
        $address.Token | Should -Match '^fsp_[0-9a-f]{64}$'
        $address.Link | Should -Match "^http://8000-$($sandbox.ShortId)\.localhost:${port}/page\?a=1&flourisha_link=\d+\.[0-9a-f]{64}`$"

        # By the address, as not every resolver knows names below localhost.
        $with = @{ Headers = @{ Host = $address.Url.Authority }; SkipHttpErrorCheck = $true; NoProxy = $true }
        (Invoke-WebRequest "http://127.0.0.1:$port/" @with).StatusCode | Should -Be 404
        $exchange = Invoke-WebRequest "http://127.0.0.1:$port$($address.Link.PathAndQuery)" -MaximumRedirection 0 -ErrorAction Ignore @with
        $exchange.StatusCode | Should -Be 303
        $with.Headers.Cookie = ($exchange.Headers['Set-Cookie'] -split ';')[0]
        (Invoke-WebRequest "http://127.0.0.1:$port/" @with).Content | Should -Be hello
        $sandbox | Remove-Sandbox -Confirm:$false
    }

    It 'refuses where there is no gateway in between, before anything is made' {
        $sandbox = New-TestSandbox 'published' @{ Port = 8000 }
        (Get-ErrorOf { $sandbox | Get-SandboxHost -Port 9000 -Link }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
        Get-Container | Should -HaveCount 1
        $sandbox | Remove-Sandbox -Confirm:$false
    }
}

Describe 'Stop-SandboxGateway' {
    BeforeEach { Assert-Engine }

    It 'ends it' {
        (Get-SandboxGateway $port | Stop-SandboxGateway -PassThru).ProcessId | Should -Be $gateway.ProcessId
        Get-Process -Id $gateway.ProcessId -ErrorAction Ignore | Should -BeNullOrEmpty
        @(Get-SandboxGateway | ForEach-Object Port) | Should -Not -Contain $port
        (Get-ErrorOf { Stop-SandboxGateway $port }).FullyQualifiedErrorId | Should -Match '^ProcessNotFound,'
    }
}
