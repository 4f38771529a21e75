# Pages of apps in a browser, which is in a sandbox too, as PowerShell binds and shows them.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'page'
    $server = @'
use IO::Socket::INET; $SIG{CHLD} = 'IGNORE'; my $l = IO::Socket::INET->new(LocalPort => 8000, Listen => 50, ReuseAddr => 1) or die;
while (my $c = $l->accept) { next if fork; my $first = <$c>; while (<$c>) { last if /^\r?$/ } my $b = <<'HTML'; my $s = $first =~ m{ /missing} ? '404 Not Found' : '200 OK';
<!doctype html><meta name=viewport content='width=device-width'><title>Sums</title><h1>Sums</h1><label>A <input id=a></label><label>B <input id=b></label><button onclick="r.textContent = +a.value + +b.value; console.log('added', r.textContent)">Add</button><output id=r data-testid=result></output><ul><li>one<li>two</ul><a href=/missing>Missing</a>
HTML
print $c "HTTP/1.1 $s\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " . length($b) . "\r\n\r\n$b"; close $c; exit }
'@
    $app = $null
    if (-not $EngineProblem) {
        $image = (Get-SandboxImage | Where-Object Template -EQ 'browser')?.Name
        if (-not $image) { $image = (Build-SandboxImage browser).Name }
        $app = New-Sandbox -Image $image -Name "$($Prefix)app" -Network None -Timeout 10m
        $null = Start-SandboxProcess -Sandbox $app -Command perl -ArgumentList '-e', $server
        $null = Invoke-SandboxCommand 'for i in $(seq 100); do perl -MIO::Socket::INET -e "exit !IO::Socket::INET->new(q(127.0.0.1:8000))" && break; sleep 0.1; done' $app
    }
    $folder = New-TestFolder
}

AfterAll {
    if (-not $EngineProblem) { Close-SandboxPage -Browser }
    Remove-Item $folder -Recurse
    Exit-Suite
}

Describe 'Pages' {
    BeforeEach { Assert-Engine }

    It 'are opened, used, read, pictured and closed, all by the pipeline' {
        $page = $app | Open-SandboxPage -Port 8000 -Viewport phone -ColorScheme Dark
        $page.Status | Should -Be 200
        $page.Title | Should -Be 'Sums'
        $page | Invoke-SandboxPageAction Type 5 -Label A
        $page | Invoke-SandboxPageAction Type 3 -Label B
        ($page | Invoke-SandboxPageAction Click -Role button -Name Add -PassThru).Id | Should -Be $page.Id
        $page | Get-SandboxPageContent -TestId result | Should -Be '8'
        $page | Get-SandboxPageContent -Css li | Should -Be @('one', 'two')
        $page | Get-SandboxPageContent Value -Label A | Should -Be '5'
        $page | Get-SandboxPageContent -Css a -Attribute href | Should -Be '/missing'
        $page | Get-SandboxPageContent Accessibility | Should -BeLike '*button "Add"*'
        ($page | Get-SandboxPageContent Console).Text | Should -Contain 'added 8'
        $page | Invoke-SandboxPageScript '({ sum: r.textContent, all: [1, 2.5, null], dark: matchMedia("(prefers-color-scheme: dark)").matches })' | ConvertTo-Json -Compress | Should -Be '{"sum":"8","all":[1,2.5,null],"dark":true}'
        $page | Invoke-SandboxPageAction Goto /missing
        ($page | Get-SandboxPageContent FailedRequest).Status | Should -Be 404
        (Get-SandboxPage $page).Status | Should -Be 404

        $picture = $page | Save-SandboxScreenshot (Join-Path $folder 'a.png')
        $picture.Length | Should -Be (Get-Item $picture.Path).Length
        { $page | Save-SandboxScreenshot $picture.Path -ErrorAction Stop } | Should -Throw '*something at*'
        ($page | Save-SandboxScreenshot $picture.Path -TestId result -Force -ErrorAction SilentlyContinue -ErrorVariable failed -Timeout 3) | Should -BeNullOrEmpty
        $page | Save-SandboxScreenshot (Join-Path $folder 'h1.png') -Css h1 | Should -Not -BeNullOrEmpty
        $page | Save-SandboxScreenshot (Join-Path $folder 'a.pdf') | Should -Not -BeNullOrEmpty

        (Get-SandboxPage).Id | Should -Contain $page.Id
        $page | Close-SandboxPage
        Get-SandboxPage | ForEach-Object Id | Should -Not -Contain $page.Id
        Remove-Item (Join-Path $folder '*')
    }

    It 'are open for other processes too' {
        $page = Open-SandboxPage $app 8000
        $page | Invoke-SandboxPageAction Type 7 -Label A
        $child = Start-Child "Get-SandboxPage | Get-SandboxPageContent Value -Label A; Close-SandboxPage $($page.Id)"
        $child.StandardInput.Close()
        $child.StandardOutput.ReadToEnd().Trim() -split '\r?\n' | Should -Be @('go', '7')
        $child.WaitForExit()
        { $page | Get-SandboxPageContent -ErrorAction Stop } | Should -Throw -ErrorId 'PageNotFound,*'
    }

    It 'are written by one command, without a page that stays' {
        $picture = Save-SandboxScreenshot (Join-Path $folder 'once.png') $app 8000 -Viewport 500x400
        $picture.Status | Should -Be 200
        Get-SandboxPage | Should -BeNullOrEmpty
    }

    It 'open many at once, in order' {
        $pages = 1..6 | ForEach-Object { $app } | Open-SandboxPage -Port 8000
        $pages | Should -HaveCount 6
        $pages | Invoke-SandboxPageAction Type 1 -Label A
        $pages | Get-SandboxPageContent Value -Label A | Should -Be @('1', '1', '1', '1', '1', '1')
        $pages | Close-SandboxPage
        Get-SandboxPage | Should -BeNullOrEmpty
    }

    It 'are shown as a table and a list' {
        $page = Open-SandboxPage $app 8000
        $page | Out-String -Width 200 | Should -BeLike "*$($page.Id)*$($app.Name)*200*1280x800*Sums*http://localhost:8000/*"
        $page | Format-List | Out-String | Should -BeLike '*ColorScheme*Light*'
        $null = $page | Invoke-SandboxPageScript 'console.error("\u001b[31mred")'
        $lines = $page | Get-SandboxPageContent Console | Out-String
        $lines | Should -BeLike '*error*red*'
        $lines | Should -Not -Match "`e\[31m"
        (TabExpansion2 "Close-SandboxPage $($page.Id.Substring(0, 4))").CompletionMatches.CompletionText | Should -Contain $page.Id
        $page | Close-SandboxPage
    }

    It 'say what was there where something is not found' {
        $page = Open-SandboxPage $app 8000
        $failed = { $page | Invoke-SandboxPageAction Click -Role button -Name Subtract -Timeout 1 -ErrorAction Stop } | Should -Throw -ErrorId 'ElementNotFound,*' -PassThru
        $failed.Exception.Message | Should -BeLike '*button "Add"*'
        $failed.CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $page | Close-SandboxPage
    }

    It 'show what is private behind the gateway' {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $port = $listener.LocalEndpoint.Port
        $listener.Stop()
        $env:FLOURISHA_GATEWAY_PORT = $port
        try {
            $gateway = Start-SandboxGateway -Port $port -PassThru
            $private = New-Sandbox -Image $image -Name "$($Prefix)private" -Routing Gateway -Private -Port 8000 -Timeout 10m
            $null = Start-SandboxProcess -Sandbox $private -Command perl -ArgumentList '-e', $server
            $null = Get-SandboxHost $private 8000 -Wait -Timeout 30
            $page = Open-SandboxPage $private 8000
            $page.Status | Should -Be 200
            $page.Url | Should -Be "http://8000-$($private.ShortId).localhost:$port/"

            # Without the cookie it gives nothing away.
            $bare = Open-SandboxPage -Url $page.Url
            $bare.Status | Should -Be 404
            $page, $bare | Close-SandboxPage
        }
        finally {
            if ($gateway) { $gateway | Stop-SandboxGateway }
            Remove-Item Env:FLOURISHA_GATEWAY_PORT
        }
    }
}

Describe 'What cannot be used' {
    It 'is told before a browser is started: <Call>' -ForEach @(
        @{ Call = 'Open-SandboxPage -Url file:///etc/passwd'; Value = 'file:///etc/passwd' }
        @{ Call = 'Open-SandboxPage -Url http://localhost/ -Viewport wide'; Value = 'wide' }
        @{ Call = 'Open-SandboxPage -Url http://localhost/ -AllowHost 10.0.0.1'; Value = '10.0.0.1' }
        @{ Call = 'Invoke-SandboxPageAction Click -Page 0000ffff'; Value = 'Click' }
        @{ Call = 'Invoke-SandboxPageAction Click -Page 0000ffff -Css a -Text b'; Value = '-Css and -Text' }
        @{ Call = 'Invoke-SandboxPageAction Click -Page 0000ffff -Role knob'; Value = 'knob' }
        @{ Call = 'Get-SandboxPageContent Console 0000ffff -Css a'; Value = 'Console' }
    ) {
        $failed = { Invoke-Expression "$Call -ErrorAction Stop" } | Should -Throw -ErrorId 'InvalidOption,*' -PassThru
        $failed.Exception.Message | Should -BeLike "*$Value*"
    }

    It 'asks before anything is opened or closed' {
        Open-SandboxPage -Url http://localhost:1/ -WhatIf | Should -BeNullOrEmpty
        Close-SandboxPage 0000ffff -WhatIf | Should -BeNullOrEmpty
    }
}
