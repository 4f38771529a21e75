# Single files and folders: content, making, moving, removing, testing and watching, with the real agent.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'item'
    if ($EngineProblem) { return }

    $sandbox = New-TestSandbox 'a' @{ WorkingDirectory = '/tmp' }
    $name = $sandbox.Name
}

AfterAll { Exit-Suite }

Describe 'Content' {
    BeforeEach { Assert-Agent $sandbox }

    It 'goes in and out as lines' {
        'one', 'zwölf', '' , 'last' | Set-SandboxContent "${name}:lines"
        Get-SandboxContent "${name}:lines" | Should -Be 'one', 'zwölf', '', 'last'
        ($sandbox | Get-SandboxContent lines -TotalCount 2) | Should -Be 'one', 'zwölf'
        Get-SandboxContent /tmp/lines $sandbox -Raw | Should -BeExactly "one`nzwölf`n`nlast`n"
    }

    It 'goes in and out byte for byte' {
        $bytes = [byte[]](0..255)
        Set-SandboxContent "${name}:bytes" $bytes
        $back = Get-SandboxContent "${name}:bytes" -AsByteStream
        , $back | Should -BeOfType byte[]
        $back | Should -Be $bytes
        $bytes | Set-SandboxContent "${name}:piped"
        (Get-SandboxContent "${name}:piped" -AsByteStream) | Should -Be $bytes
        Set-SandboxContent "${name}:base64" 'AAH/' -Base64
        (Get-SandboxContent "${name}:base64" -AsByteStream) | Should -Be 0, 1, 255
        72, 105 | Set-SandboxContent "${name}:numbers" -AsByteStream
        Get-SandboxContent "${name}:numbers" | Should -Be 'Hi'
    }

    It 'is written exactly where no line end is wanted' {
        'a', 'b' | Set-SandboxContent "${name}:exact" -NoNewline
        Get-SandboxContent "${name}:exact" -Raw | Should -BeExactly 'ab'
    }

    It 'of a file is streamed, belongs to the user, and makes the folders that are missing' {
        $file = New-TemporaryFile
        try {
            [System.IO.File]::WriteAllBytes($file.FullName, [byte[]]::new(5MB))
            $item = $file | Set-SandboxContent "${name}:deep/er/file" -PassThru
        }
        finally { Remove-Item $file }
        $item.Size | Should -Be 5MB
        $item.Path | Should -Be '/tmp/deep/er/file'
        (Invoke-SandboxCommand 'stat -c %u deep deep/er/file' $sandbox).Output | Should -Be "10000`n10000`n"
    }

    It 'is found by wildcards and by the listing''s objects' {
        1..3 | ForEach-Object { Set-SandboxContent "${name}:many/$_.txt" "file $_" }
        Get-SandboxContent "${name}:many/*.txt" | Should -Be 'file 1', 'file 2', 'file 3'
        Get-SandboxChildItem "${name}:many" | Get-SandboxContent | Should -Be 'file 1', 'file 2', 'file 3'
    }

    It 'that is missing is an error, and costs none of the others' {
        Set-SandboxContent "${name}:there" 'x'
        $lines = Get-SandboxContent "${name}:missing", "${name}:there" -ErrorAction SilentlyContinue -ErrorVariable failed
        $lines | Should -Be 'x'
        $failed.FullyQualifiedErrorId | Should -Match '^PathNotFound,'
        (Get-ErrorOf { Get-SandboxContent /tmp/there }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
        (Get-ErrorOf { Get-SandboxContent "${name}:/etc/shadow" }).FullyQualifiedErrorId | Should -Match '^PathNotUsable,'
    }

    It 'that is no base64 writes nothing' {
        { 'AA==', '!' | Set-SandboxContent "${name}:nothing" -Base64 } | Should -Throw -ErrorId 'InvalidOption,*'
        Test-SandboxPath "${name}:nothing" | Should -BeFalse
    }

    It 'of an endless file ends when nobody wants more' {
        Get-SandboxContent "${name}:/dev/zero" -TotalCount 1 -ErrorAction SilentlyContinue -ErrorVariable failed | Select-Object -First 1 | Out-Null
        (Invoke-SandboxCommand 'echo alive' $sandbox).Output | Should -Be "alive`n"
    }
}

Describe 'Items' {
    BeforeEach { Assert-Agent $sandbox }

    It 'are made, and not made twice' {
        (New-SandboxItem "${name}:new/file" -Value 'exact').Size | Should -Be 5
        (New-SandboxItem new/folder $sandbox -ItemType Directory).Type | Should -Be Directory
        (Get-ErrorOf { New-SandboxItem "${name}:new/file" }).FullyQualifiedErrorId | Should -Match '^PathNotUsable,'
        (New-SandboxItem "${name}:new/file" -Force).Size | Should -Be 0
        { New-SandboxItem "${name}:x" -ItemType Link } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    It 'are moved and renamed' {
        Set-SandboxContent "${name}:move/a" 'a'
        $null = New-SandboxItem "${name}:move/into" -ItemType Directory
        (Move-SandboxItem "${name}:move/a" move/b -PassThru).Path | Should -Be '/tmp/move/b'
        (Move-SandboxItem move/b move/into $sandbox -PassThru).Path | Should -Be '/tmp/move/into/b'
        (Move-SandboxItem "${name}:move/into/b" "${name}:move/c" -PassThru).Path | Should -Be '/tmp/move/c'
        Get-SandboxContent "${name}:move/c" | Should -Be 'a'
        (Get-ErrorOf { Move-SandboxItem "${name}:move/c" elsewhere:/c }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
        (Get-ErrorOf { Move-SandboxItem "${name}:move/none" move/d }).FullyQualifiedErrorId | Should -Match '^PathNotFound,'
    }

    It 'are removed, full folders only with -Recurse' {
        Set-SandboxContent "${name}:remove/a*", "${name}:remove/ab", "${name}:remove/c" 'x'
        $null = Invoke-SandboxCommand 'ln -s /etc/passwd remove/link' $sandbox
        (Get-ErrorOf { Remove-SandboxItem "${name}:remove" }).FullyQualifiedErrorId | Should -Match '^PathNotUsable,'
        Remove-SandboxItem "${name}:remove/a*" -Literal
        (Get-SandboxChildItem "${name}:remove").Name | Should -Be 'ab', 'c', 'link'
        (Remove-SandboxItem "${name}:remove/a*", "${name}:remove/link" -PassThru).Name | Should -Be 'ab', 'link'
        Remove-SandboxItem "${name}:remove" -Recurse
        Test-SandboxPath "${name}:remove" | Should -BeFalse
        Test-SandboxPath "${name}:/etc/passwd" | Should -BeTrue
        (Get-ErrorOf { Remove-SandboxItem "${name}:remove" }).FullyQualifiedErrorId | Should -Match '^PathNotFound,'
        Remove-SandboxItem "${name}:remove" -Force -ErrorAction Stop
    }

    It 'are tested' {
        $null = Invoke-SandboxCommand 'mkdir -p test/d; touch test/f; ln -s d test/to-d; ln -s none test/broken' $sandbox
        Test-SandboxPath "${name}:test/f", "${name}:test/d", "${name}:test/to-d", "${name}:test/broken", "${name}:test/none" | Should -Be $true, $true, $true, $false, $false
        Test-SandboxPath test/f, test/d, test/to-d $sandbox -PathType Leaf | Should -Be $true, $false, $false
        $sandbox | Test-SandboxPath test/f, test/d, test/to-d -PathType Container | Should -Be $false, $true, $true
    }
}

Describe 'Watch-SandboxItem' {
    BeforeEach { Assert-Agent $sandbox }

    It 'gives what happens, below too, until there was enough' {
        $null = New-SandboxItem "${name}:watch" -ItemType Directory
        $null = Invoke-SandboxCommand 'sleep 1; mkdir watch/sub; sleep 0.3; echo x > watch/sub/f; rm watch/sub/f' $sandbox -Detach
        $events = Watch-SandboxItem "${name}:watch" -Recurse -Count 3 -Timeout 20
        $events.Count | Should -Be 3
        $events[0].Path | Should -Be '/tmp/watch/sub'
        $events[0].Change | Should -Be Created
        $events[1].Path | Should -Be '/tmp/watch/sub/f'
        $events[0].Sandbox.Name | Should -Be $name
    }

    It 'ends when its time is over, and says where there is nothing to watch' {
        $clock = [System.Diagnostics.Stopwatch]::StartNew()
        $null = New-SandboxItem "${name}:quiet" -ItemType Directory
        Watch-SandboxItem "${name}:quiet" -Timeout 0.5 | Should -BeNullOrEmpty
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 10
        (Get-ErrorOf { Watch-SandboxItem "${name}:none" -Timeout 5 }).FullyQualifiedErrorId | Should -Match '^PathNotFound,'
    }

    It 'ends when nobody wants more' {
        $null = New-SandboxItem "${name}:busy" -ItemType Directory
        $process = Start-SandboxProcess 'while :; do touch busy/x; rm busy/x; sleep 0.05; done' $sandbox
        (Watch-SandboxItem "${name}:busy" | Select-Object -First 2).Count | Should -Be 2
        $process | Stop-SandboxProcess -GracePeriod 0
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        Remove-Sandbox $sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
