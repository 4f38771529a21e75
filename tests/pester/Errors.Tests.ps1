# Bad input: each error has an id, names the value, and says what would be right.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'err'
}

AfterAll { Exit-Suite }

Describe 'A value that cannot be used' {
    It '<Call>' -ForEach @(
        @{ Call = 'New-Sandbox -Image x -Name "a b"'; Value = 'a b'; Remedy = 'letters, digits' }
        @{ Call = 'New-Sandbox -Image x -Name "-x"'; Value = '-x'; Remedy = 'begin with a letter or a digit' }
        @{ Call = 'New-Sandbox -Image x -Memory 1MB'; Value = '1048576'; Remedy = '512MB' }
        @{ Call = 'New-Sandbox -Image x -Cpu 0'; Value = '0'; Remedy = '0.01 to 1024' }
        @{ Call = 'New-Sandbox -Image x -PidLimit 0'; Value = '0'; Remedy = 'from 1' }
        @{ Call = 'New-Sandbox -Image x -Port 70000'; Value = '70000'; Remedy = '1 to 65535' }
        @{ Call = 'New-Sandbox -Image x -Timeout 0'; Value = '00:00:00'; Remedy = 'at least one second' }
        @{ Call = 'New-Sandbox -Image x -User "a b"'; Value = 'a b'; Remedy = '1000:1000' }
        @{ Call = 'New-Sandbox -Image x -WorkingDirectory here'; Value = 'here'; Remedy = 'begins with' }
        @{ Call = 'New-Sandbox -Image x -Volume /etc:/etc'; Value = '/etc:/etc'; Remedy = 'host:/folder:/target' }
        @{ Call = 'New-Sandbox -Image x -Environment @{ "A=B" = 1 }'; Value = 'A=B'; Remedy = "no '='" }
        @{ Call = 'New-Sandbox -Image x -Metadata @{ "a b" = 1 }'; Value = 'a b'; Remedy = 'letters, digits' }
        @{ Call = 'Invoke-SandboxCommand uname t1 -WorkingDirectory here'; Value = 'here'; Remedy = 'begins with' }
        @{ Call = 'Invoke-SandboxCommand uname t1 -Timeout 0'; Value = '00:00:00'; Remedy = '00:00:30' }
        @{ Call = 'Invoke-SandboxCommand uname t1 -Detach -Stream'; Value = ''; Remedy = 'leave out -Detach' }
        @{ Call = 'Copy-SandboxItem ./a ./b'; Value = './a'; Remedy = 'NAME:PATH' }
        @{ Call = 'Copy-SandboxItem t1:/a t2:/b'; Value = 't1:/a'; Remedy = 'NAME:PATH' }
        @{ Call = 'Get-SandboxChildItem /tmp'; Value = '/tmp'; Remedy = 'NAME:PATH' }
    ) {
        $record = Get-ErrorOf ([scriptblock]::Create($Call))

        $record.FullyQualifiedErrorId | Should -Match '^InvalidOption,FlourishaSandbox\.Cmdlets\.\w+Command$'
        $record.CategoryInfo.Category | Should -Be InvalidArgument
        $record.Exception.Message | Should -Match ([regex]::Escape($Value))
        $record.Exception.Message + ' ' + $record.ErrorDetails.RecommendedAction | Should -Match ([regex]::Escape($Remedy))
    }

    It '<Call> cannot even be bound' -ForEach @(
        @{ Call = 'New-Sandbox -Image x -Timeout soon'; Value = "'soon' is no span of time" }
        @{ Call = 'New-Sandbox -Image x -Timeout "1,5"'; Value = "'1,5' is no span of time" }
        @{ Call = 'New-Sandbox -Image x -Count 0'; Value = '0' }
        @{ Call = 'New-Sandbox -Image ""'; Value = 'Image' }
        @{ Call = 'Remove-Sandbox ""'; Value = 'Sandbox' }
        @{ Call = 'Remove-Sandbox t1 -ThrottleLimit 0'; Value = '0' }
        @{ Call = 'Get-SandboxHost t1 65536'; Value = '65536' }
    ) {
        $record = Get-ErrorOf ([scriptblock]::Create($Call))

        $record.FullyQualifiedErrorId | Should -Match '^(ParameterArgument(TransformationError|ValidationError\w*)|CannotConvertArgumentNoMessage),'
        $record.Exception.Message | Should -Match ([regex]::Escape($Value))
    }
}

Describe 'Something that is not there' {
    BeforeAll {
        if ($EngineProblem) { return }
        $sandbox = New-TestSandbox 'one' @{ Port = 8000 }
        $folder = New-TestFolder
    }
    AfterAll {
        if ($EngineProblem) { return }
        $sandbox | Remove-Sandbox -Confirm:$false
        Remove-Item $folder -Recurse -Force
    }
    BeforeEach { Assert-Engine }

    It '<Id>: <Call>' -ForEach @(
        @{ Id = 'SandboxNotFound'; Category = 'ObjectNotFound'; Call = 'Get-Sandbox no-such-box'; Value = 'no-such-box' }
        @{ Id = 'SandboxNotFound'; Category = 'ObjectNotFound'; Call = 'Remove-Sandbox no-such-box -Confirm:$false'; Value = 'no-such-box' }
        @{ Id = 'SandboxNotFound'; Category = 'ObjectNotFound'; Call = 'Copy-SandboxItem no-such-box:/etc/passwd $folder'; Value = 'no-such-box' }
        @{ Id = 'TemplateNotFound'; Category = 'ObjectNotFound'; Call = 'New-Sandbox no-such-template'; Value = 'no-such-template' }
        @{ Id = 'TemplateNotFound'; Category = 'ObjectNotFound'; Call = 'New-Sandbox ../minimal'; Value = '../minimal' }
        @{ Id = 'TemplateNotFound'; Category = 'ObjectNotFound'; Call = 'Build-SandboxImage no-such-template'; Value = 'no-such-template' }
        @{ Id = 'TemplateInvalid'; Category = 'InvalidData'; Call = 'Build-SandboxImage -Path $folder'; Value = '$folder' }
        @{ Id = 'ImageNotFound'; Category = 'ObjectNotFound'; Call = 'Get-SandboxImage no-such-image'; Value = 'no-such-image' }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Call = 'Copy-SandboxItem /no/such/file "$($sandbox.Name):/tmp"'; Value = '/no/such/file' }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Call = 'Copy-SandboxItem "$($sandbox.Name):/no/such/file" $folder'; Value = '/no/such/file' }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Call = 'Get-SandboxChildItem "$($sandbox.Name):/no/such/folder"'; Value = '/no/such/folder' }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Call = 'Invoke-SandboxCommand uname $sandbox -WorkingDirectory /no/such/folder'; Value = '/no/such/folder' }
        @{ Id = 'PathNotFound'; Category = 'ObjectNotFound'; Call = 'Get-Item /no/such/input -ErrorAction Ignore; Invoke-SandboxCommand cat $sandbox -InputObject ([System.IO.FileInfo]"/no/such/input")'; Value = '/no/such/input' }
        @{ Id = 'CommandNotFound'; Category = 'ObjectNotFound'; Call = 'Invoke-SandboxCommand no-such-program $sandbox -ArgumentList a'; Value = 'no-such-program' }
        @{ Id = 'PortNotReachable'; Category = 'ResourceUnavailable'; Call = 'try { $alone = New-TestSandbox alone @{ Network = "None" }; Get-SandboxHost $alone 9 } finally { Remove-Sandbox $alone -Confirm:$false }'; Value = 'no network' }
        @{ Id = 'TimedOut'; Category = 'OperationTimeout'; Call = 'Get-SandboxHost $sandbox 8000 -Wait -Timeout 1'; Value = 'within 1 s' }
        @{ Id = 'NameInUse'; Category = 'ResourceExists'; Call = 'New-Sandbox -Image $Image -Name $sandbox.Name'; Value = '$($sandbox.Name)' }
    ) {
        $record = Get-ErrorOf ([scriptblock]::Create($Call))

        $record.FullyQualifiedErrorId | Should -Match "^$Id,FlourishaSandbox\.Cmdlets\.\w+Command$"
        $record.CategoryInfo.Category | Should -Be $Category
        $record.Exception.Message | Should -Match ([regex]::Escape($ExecutionContext.InvokeCommand.ExpandString($Value)))
        "$($record.TargetObject)" | Should -Not -BeNullOrEmpty
        "$($record.ErrorDetails.RecommendedAction)" | Should -Not -BeNullOrEmpty
    }

    It 'a user whom the sandbox does not have is named' {
        (Get-ErrorOf { Invoke-SandboxCommand uname $sandbox -User nobody-here }).Exception.Message | Should -Match 'nobody-here'
    }

    It 'an image that no registry gives is named, and nothing is made' {
        $record = Get-ErrorOf { New-Sandbox -Image localhost:1/no/such/image }

        $record.FullyQualifiedErrorId | Should -Match '^(ImageNotFound|EngineFailed),'
        $record.Exception.Message | Should -Match 'localhost:1'
        Get-Container | Should -Be $sandbox.Name
    }

    It 'an id is named as it was given' {
        $record = Get-ErrorOf { Get-Sandbox -Id 0000ffff0000 }
        $record.FullyQualifiedErrorId | Should -Match '^SandboxNotFound,'
        $record.TargetObject | Should -Be '0000ffff0000'
    }

    It 'a step of a build that fails is shown with its output' {
        Set-Content "$folder/Dockerfile" "FROM $Image`nRUN echo the-reason >&2; exit 7"
        $record = Get-ErrorOf { Build-SandboxImage -Path $folder -Name "${Prefix}broken" }

        $record.FullyQualifiedErrorId | Should -Match '^ImageBuildFailed,'
        $record.Exception.Message | Should -Match 'the-reason'
        $record.Exception.Message | Should -Match 'exit 7'
    }

    It 'a sandbox that has ended says so' {
        $ended = New-TestSandbox 'ended'
        $null = docker kill $ended.Id
        try {
            foreach ($call in { Invoke-SandboxCommand uname $ended }, { Get-SandboxHost $ended }) {
                $record = Get-ErrorOf $call
                $record.FullyQualifiedErrorId | Should -Match '^SandboxNotRunning,'
                $record.Exception.Message | Should -Match $ended.Name
            }
        }
        finally { $ended | Remove-Sandbox -Confirm:$false }
    }
}

Describe 'An engine that is away' {
    BeforeAll {
        $child = Invoke-Child -Environment @{ DOCKER_HOST = 'unix:///nonexistent.sock' } @'
            $calls = { Get-Sandbox }, { New-Sandbox -Image x }, { Invoke-SandboxCommand uname t1 }, { Remove-Sandbox t1 -Confirm:$false }, { Copy-SandboxItem t1:/etc/passwd /tmp },
                { Get-SandboxChildItem t1:/ }, { Get-SandboxHost t1 }, { Get-SandboxImage }, { Clear-StaleSandbox -Confirm:$false }, { Build-SandboxImage minimal }
            foreach ($call in $calls) {
                $Error.Clear()
                & $call 2> $null
                [pscustomobject]@{ Call = "$call".Trim(); Count = $Error.Count; Id = $Error[0].FullyQualifiedErrorId; Category = "$($Error[0].CategoryInfo.Category)"; Message = $Error[0].Exception.Message; Remedy = $Error[0].ErrorDetails.RecommendedAction } | ConvertTo-Json -Compress
            }
'@
        $answers = @($child.Output -split '\n' -match '^{' | ConvertFrom-Json)
    }

    It 'is one clear error for every cmdlet' {
        $child.Error | Should -BeNullOrEmpty
        $answers.Count | Should -Be 10
        foreach ($answer in $answers) {
            $answer.Count | Should -Be 1 -Because $answer.Call
            $answer.Id | Should -Match '^EngineUnreachable,' -Because $answer.Call
            $answer.Category | Should -Be ConnectionError
            $answer.Message | Should -Match 'unix:///nonexistent\.sock \(from DOCKER_HOST\)'
            $answer.Remedy | Should -Match 'DOCKER_HOST'
        }
    }

    It 'counts from the moment that the variable is set' {
        $before = $env:DOCKER_HOST
        $env:DOCKER_HOST = 'unix:///nonexistent.sock'
        try { (Get-ErrorOf { Get-Sandbox }).FullyQualifiedErrorId | Should -Match '^EngineUnreachable,' }
        finally { $env:DOCKER_HOST = $before }
    }

    It 'has an address that can be wrong too: <_>' -ForEach 'ftp://x', 'tcp://', 'not an address' {
        $before = $env:DOCKER_HOST
        $env:DOCKER_HOST = $_
        try {
            $record = Get-ErrorOf { Get-Sandbox }
            $record.FullyQualifiedErrorId | Should -Match '^InvalidOption,'
            $record.Exception.Message | Should -Match ([regex]::Escape($_))
        }
        finally { $env:DOCKER_HOST = $before }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
