# Networks, lists of hosts and the firewall, as PowerShell binds and shows them.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'network'
    $isRoot = $IsLinux -and (id -u) -eq 0
}

AfterAll { Exit-Suite }

Describe '-Network' {
    BeforeEach { Assert-Engine }

    It 'gives a network of its own, which goes with the sandbox' {
        $sandbox = New-TestSandbox 'own' @{ Network = 'Dedicated' }
        $sandbox.Network | Should -Be 'Dedicated'
        docker network ls --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" --format '{{.Name}}' | Should -HaveCount 1
        $sandbox | Remove-Sandbox -Confirm:$false
        docker network ls --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" --format '{{.Name}}' | Should -BeNullOrEmpty
    }

    It 'serves without a way out, at the sandbox''s own address' {
        $sandbox = New-TestSandbox 'internal' @{ Network = 'Internal'; Port = 8000 }
        ($sandbox | Get-SandboxHost -Port 8000).Url.Port | Should -Be 8000
        $sandbox | Remove-Sandbox -Confirm:$false
    }

    It 'refuses a port where there is no network' {
        { New-TestSandbox 'none' @{ Network = 'None'; Port = 8000 } } | Should -Throw "*Port '8000'*without a network*"
    }
}

Describe '-AllowHost and -DenyHost' {
    BeforeEach { Assert-Engine }

    It 'takes <Value> for no host, before anything is made' -ForEach @(
        @{ Value = 'https://example.com' }, @{ Value = '10.0.0.1' }, @{ Value = 'localhost' }, @{ Value = '*' }
    ) {
        { New-TestSandbox 'bad' @{ AllowHost = $Value } } | Should -Throw "*AllowHost '$Value'*"
        Get-Container | Should -BeNullOrEmpty
    }

    It 'lets only listed hosts through, and leaves nothing' {
        $sandbox = New-TestSandbox 'listed' @{ AllowHost = '*.example.com', 'example.org' }
        $sandbox.AllowHosts | Should -Be '*.example.com', 'example.org'
        Get-Container | Should -HaveCount 2
        Get-Sandbox | Should -HaveCount 1
        $status = Invoke-SandboxCommand @'
bash -c 'p=${http_proxy#http://}; exec 3<>/dev/tcp/${p%:*}/${p#*:}; printf "GET http://example.net/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n" >&3; head -n1 <&3'
'@ $sandbox
        $status.Output | Should -BeLike 'HTTP/1.1 403*'
        $sandbox | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
        docker network ls --filter "label=flourisha.owner=$env:FLOURISHA_OWNER" --format '{{.Name}}' | Should -BeNullOrEmpty
    }
}

Describe 'The firewall' {
    BeforeEach {
        Assert-Engine
        if (-not $isRoot) { Set-ItResult -Skipped -Because 'rules of the firewall take Linux and root' }
    }

    It 'is told by -WhatIf, rule by rule, and nothing changes' {
        $before = iptables -S
        $child = Invoke-Child 'Install-SandboxFirewall -WhatIf'
        $child.Error | Should -BeNullOrEmpty
        $child.Output | Should -Match 'iptables -A FLOURISHA-INPUT -j REJECT'
        $child.Output | Should -Match '169\.254\.0\.0/16'
        $child.Output | Should -Match 'iptables -I INPUT -i flsb-\+ -j FLOURISHA-INPUT'
        iptables -S | Should -Be $before
    }

    It 'says which rules are there' {
        $rules = Get-SandboxFirewall
        $rules | Where-Object Chain -eq 'FLOURISHA-FORWARD' | Should -Not -BeNullOrEmpty
        ($rules | Out-String) | Should -Match 'Present +Family +Chain +Rule'
    }
}
