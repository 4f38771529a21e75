# Files in and out of a sandbox, whatever their names and whatever the sandbox makes of them.

BeforeDiscovery {
    $names = @(
        @{ Name = 'plain.txt' }
        @{ Name = 'two words.txt' }
        @{ Name = "line`nbreak.txt" }
        @{ Name = 'grüße-日本-😀.txt' }
        @{ Name = '-leading-dash' }
        @{ Name = '[brackets].txt' }
        @{ Name = 'star*and?mark' }
        @{ Name = '$(touch owned) `x` "q" ''s''' }
        @{ Name = 'x' * 200 + '.txt' }
        @{ Name = '.hidden' }
    )
}

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'copy'
    $folder = New-TestFolder
    if ($EngineProblem) { return }

    $sandbox = New-Sandbox -Image $Image -Name "${Prefix}a" -Timeout 10m -User 10000:10000 -WorkingDirectory /tmp
    $box = $sandbox.Name

    function Invoke-Inside([string]$Command) { (Invoke-SandboxCommand $Command $sandbox -FailOnNonZero).Output }
}

AfterAll {
    Remove-Item -LiteralPath $folder -Recurse -Force
    Exit-Suite
}

Describe 'A file' {
    BeforeEach { Assert-Engine }

    It 'named <Name> goes in and comes back' -ForEach $names {
        $here = New-TestFolder
        try {
            [System.IO.File]::WriteAllText("$here/$Name", "content of $Name")

            Copy-SandboxItem "$here/$Name" "${box}:/tmp/names/" -Literal
            $item = Get-SandboxChildItem "${box}:/tmp/names" | Where-Object Name -CEQ $Name
            $item.Type | Should -Be File
            $item.Size | Should -Be ([System.IO.FileInfo]"$here/$Name").Length

            # A wildcard in a sandbox's path is one; these names have some.
            $from = $Name -replace '[*?]', '?'
            Copy-SandboxItem "${box}:/tmp/names/$from" "$here/back/"
            [System.IO.File]::ReadAllText("$here/back/$Name") | Should -BeExactly "content of $Name"
        }
        finally { [System.IO.Directory]::Delete($here, $true) }
    }

    It 'of 5 MB comes back bit for bit' {
        $bytes = [byte[]]::new(5MB)
        [System.Random]::new(7).NextBytes($bytes)
        [System.IO.File]::WriteAllBytes("$folder/random", $bytes)

        $there = Copy-SandboxItem "$folder/random" "${box}:/tmp/random" -PassThru
        $back = Copy-SandboxItem "${box}:/tmp/random" "$folder/random2" -PassThru

        $hash = (Get-FileHash "$folder/random").Hash
        (Invoke-Inside 'sha256sum < /tmp/random').Split(' ')[0] | Should -Be $hash
        (Get-FileHash "$folder/random2").Hash | Should -Be $hash
        foreach ($copied in $there, $back) { $copied.Files, $copied.Bytes, $copied.Refused.Count | Should -Be 1, 5MB, 0 }
    }

    It 'gets the destination''s name, or goes into the folder that it names' {
        Set-Content "$folder/one" 'one'
        Copy-SandboxItem "$folder/one" "${box}:/tmp/renamed"
        Copy-SandboxItem "$folder/one" "${box}:/tmp/made/for/it/"
        Copy-SandboxItem "$folder/one" "${box}:"
        Invoke-Inside 'cat /tmp/renamed /tmp/made/for/it/one /tmp/one' | Should -Be "one`none`none`n"
    }

    It 'belongs to the sandbox''s user, and so do the folders that were made for it' {
        Set-Content "$folder/mine" 'x'
        Copy-SandboxItem "$folder/mine" "${box}:/tmp/owned/deep/"
        Invoke-Inside 'stat -c %u:%g /tmp/owned /tmp/owned/deep /tmp/owned/deep/mine' | Should -Be "10000:10000`n10000:10000`n10000:10000`n"
        Invoke-Inside 'echo more >> /tmp/owned/deep/mine; rm -r /tmp/owned; echo removed' | Should -Be "removed`n"
    }

    It 'keeps its permissions and its time' {
        Set-Content "$folder/run.sh" 'echo ran'
        $null = chmod 750 "$folder/run.sh"
        (Get-Item "$folder/run.sh").LastWriteTimeUtc = [datetime]'2020-02-03T04:05:06Z'

        Copy-SandboxItem "$folder/run.sh" "${box}:/tmp/"
        Invoke-Inside 'stat -c "%a %Y" /tmp/run.sh' | Should -Be "750 1580702706`n"

        Copy-SandboxItem "${box}:/tmp/run.sh" "$folder/run2.sh"
        (Get-Item "$folder/run2.sh").LastWriteTimeUtc | Should -Be (Get-Item "$folder/run.sh").LastWriteTimeUtc
        (Get-Item "$folder/run2.sh").UnixMode | Should -Be '-rwxr-x---'
    }

    It 'replaces one that is there, also a longer one' {
        Set-Content "$folder/long" ('x' * 1000)
        Set-Content "$folder/short" 's'
        Copy-SandboxItem "$folder/long" "${box}:/tmp/replaced"
        Copy-SandboxItem "$folder/short" "${box}:/tmp/replaced"
        Copy-SandboxItem "${box}:/tmp/replaced" "$folder/long"
        (Get-Content "$folder/long") | Should -Be 's'
    }

    It 'may be empty' {
        $null = New-Item "$folder/empty" -ItemType File
        Copy-SandboxItem "$folder/empty" "${box}:/tmp/empty"
        Copy-SandboxItem "${box}:/tmp/empty" "$folder/empty2"
        (Get-Item "$folder/empty2").Length | Should -Be 0
    }

    It 'may have a relative path, from the session''s location' {
        Set-Content "$folder/here.txt" 'here'
        Push-Location $folder
        try {
            Copy-SandboxItem here.txt "${box}:there.txt"
            Copy-SandboxItem "${box}:there.txt" back.txt
        }
        finally { Pop-Location }
        Get-Content "$folder/back.txt" | Should -Be 'here'
    }
}

Describe 'A folder' {
    BeforeAll {
        $null = New-Item -ItemType Directory "$folder/tree/sub/empty" -Force
        Set-Content "$folder/tree/a.txt" 'a'
        Set-Content "$folder/tree/sub/b.txt" 'b'
        $null = New-Item -ItemType SymbolicLink "$folder/tree/link" -Value 'a.txt'
    }
    BeforeEach { Assert-Engine }

    It 'goes in with all that is in it and comes back' {
        $there = Copy-SandboxItem "$folder/tree" "${box}:/tmp/" -PassThru
        $there.Files | Should -Be 2
        Invoke-Inside 'cd /tmp/tree; find . | sort; readlink link' | Should -Be ".`n./a.txt`n./link`n./sub`n./sub/b.txt`n./sub/empty`na.txt`n"

        Copy-SandboxItem "${box}:/tmp/tree" "$folder/tree-back"
        (Get-ChildItem "$folder/tree-back" -Recurse).FullName.Substring("$folder/tree-back".Length) | Sort-Object | Should -Be '/a.txt', '/link', '/sub', '/sub/b.txt', '/sub/empty'
        Get-Content "$folder/tree-back/link" | Should -Be 'a'
    }

    It 'goes in by wildcards and by the pipeline, in one go' {
        Copy-SandboxItem "$folder/tree/*.txt" "${box}:/tmp/wild/"
        Get-ChildItem "$folder/tree/sub" | Copy-SandboxItem -Destination "${box}:/tmp/wild/"
        (Get-SandboxChildItem "${box}:/tmp/wild").Name | Should -Be 'a.txt', 'b.txt', 'empty'
    }

    It 'comes out by wildcards' {
        $null = Invoke-Inside 'mkdir -p /tmp/many; cd /tmp/many; touch 1.log 2.log 3.txt'
        Copy-SandboxItem "${box}:/tmp/many/*.log" "$folder/logs"
        (Get-ChildItem "$folder/logs").Name | Should -Be '1.log', '2.log'
    }

    It 'goes to several sandboxes, and comes from several into a folder for each' {
        $other = New-Sandbox -Image $Image -Name "${Prefix}b" -Timeout 10m -WorkingDirectory /tmp
        try {
            $sandbox, $other | Copy-SandboxItem "$folder/tree" /tmp/both/ -ToSandbox
            Copy-SandboxItem /tmp/both/tree/a.txt "$folder/both" -FromSandbox -Sandbox "$Prefix*"
            Get-Content "$folder/both/$($sandbox.Name)/a.txt", "$folder/both/$($other.Name)/a.txt" | Should -Be 'a', 'a'
        }
        finally { $other | Remove-Sandbox -Confirm:$false }
    }

    It 'is listed, typed' {
        Copy-SandboxItem "$folder/tree" "${box}:/tmp/listed/"
        $items = Get-SandboxChildItem /tmp/listed/tree $sandbox -Recurse
        $items.Path | Should -Be '/tmp/listed/tree/a.txt', '/tmp/listed/tree/link', '/tmp/listed/tree/sub', '/tmp/listed/tree/sub/b.txt', '/tmp/listed/tree/sub/empty'
        $items.Type | Should -Be 'File', 'Link', 'Directory', 'File', 'Directory'
        $items[1].LinkTarget | Should -Be 'a.txt'
        (Get-SandboxChildItem "${box}:/tmp/listed/tree/*.txt").Name | Should -Be 'a.txt'
    }
}

Describe 'A hostile sandbox' {
    BeforeAll {
        if ($EngineProblem) { return }
        $outside = New-TestFolder
        Set-Content "$outside/precious" 'precious'
        $null = Invoke-Inside @"
            mkdir -p /tmp/evil/sub && cd /tmp/evil && echo good > good.txt && echo deep > sub/deep.txt
            ln -s $outside/precious absolute; ln -s ../../../../../../../../$outside/precious climbing; ln -s .. up
            ln -s $outside folder; mkfifo pipe; ln -s good.txt fine
"@
    }
    AfterAll { if (-not $EngineProblem) { Remove-Item $outside -Recurse -Force } }
    BeforeEach { Assert-Engine }

    It 'cannot make anything but files, folders and links that stay inside' {
        $copied = Copy-SandboxItem "${box}:/tmp/evil" "$folder/evil" -PassThru -ErrorVariable refused -ErrorAction SilentlyContinue

        $copied.Refused.Name | Sort-Object | Should -Be 'evil/absolute', 'evil/climbing', 'evil/folder', 'evil/pipe', 'evil/up'
        $refused.Count | Should -Be 5
        $refused.FullyQualifiedErrorId | Select-Object -Unique | Should -Be 'UnsafeEntry,FlourishaSandbox.Cmdlets.CopySandboxItemCommand'
        $refused.CategoryInfo.Category | Select-Object -Unique | Should -Be SecurityError
        foreach ($name in 'absolute', 'climbing', 'folder', 'pipe', 'up') { "$refused" | Should -Match "'evil/$name' is a (link|pipe)" }
        Get-ChildItem "$folder/evil" -Recurse -Force | ForEach-Object Name | Sort-Object | Should -Be 'deep.txt', 'fine', 'good.txt', 'sub'
        Get-Content "$folder/evil/fine" | Should -Be 'good'
    }

    It 'cannot write through a link that an earlier copy left, or that it now puts in the way' {
        # What was a link to a folder inside becomes a folder: its files must not land where the link led.
        $null = Invoke-Inside 'mkdir -p /tmp/trick/real && ln -sfn real /tmp/trick/sub && echo 1 > /tmp/trick/real/file'
        Copy-SandboxItem "${box}:/tmp/trick" "$folder/trick"
        $null = Invoke-Inside 'rm /tmp/trick/sub && mkdir /tmp/trick/sub && echo 2 > /tmp/trick/sub/file'

        Copy-SandboxItem "${box}:/tmp/trick" "$folder/" -ErrorVariable refused -ErrorAction SilentlyContinue

        Get-Content "$folder/trick/real/file" | Should -Be '1'
        "$refused" | Should -Match 'would be written through a link'
    }

    It 'cannot replace what a local link points to' {
        $null = New-Item -ItemType Directory "$folder/target" -Force
        $null = New-Item -ItemType SymbolicLink "$folder/target/good.txt" -Value "$outside/precious"

        Copy-SandboxItem "${box}:/tmp/evil/good.txt" "$folder/target/"

        Get-Content "$outside/precious" | Should -Be 'precious'
        Get-Content "$folder/target/good.txt" | Should -Be 'good'
    }

    It 'may have neither an agent nor find: that is said' {
        $nothing = New-TestFolder
        $before = $env:FLOURISHA_AGENT
        $env:FLOURISHA_AGENT = $nothing
        try {
            $bare = New-Sandbox -Image $Image -Name "${Prefix}bare" -Timeout 10m -User root
            $null = Invoke-SandboxCommand 'rm "$(command -v find)"' $bare
            (Get-ErrorOf { Get-SandboxChildItem / $bare }).Exception.Message | Should -Match "no 'find'"
        }
        finally {
            $env:FLOURISHA_AGENT = $before
            Remove-Item $nothing -Recurse
            $bare | Remove-Sandbox -Confirm:$false
        }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' {
        Remove-Sandbox $sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
