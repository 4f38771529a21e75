# The main job, as the README tells it: a template, an app in it, a URL, and nothing left.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'e2e'
    $folder = New-TestFolder
    # Its image may have to be built first; where neither a package mirror nor a registry answers, nothing can be shown.
    $problem = $EngineProblem
    if (-not $problem) {
        try { $sandbox = New-Sandbox minimal -Name "${Prefix}app" -Port 8000 -Timeout 10m }
        catch { $problem = $_.FullyQualifiedErrorId -like 'ImageBuildFailed,*' ? "the template minimal cannot be built here: $($_.Exception.Message)" : (throw) }
    }
}

AfterAll {
    Remove-Item $folder -Recurse -Force
    Exit-Suite
}

Describe 'An app in a sandbox of the template minimal' {
    BeforeEach { if ($problem) { Set-ItResult -Skipped -Because $problem } }

    It 'has its template''s image, which was built here' {
        $sandbox.Template | Should -Be 'minimal'
        $image = Get-SandboxImage $sandbox.Image
        $image.Template | Should -Be 'minimal'
        (Get-SandboxImage minimal).Name | Should -Contain $image.Name
        (Invoke-SandboxCommand 'id -un; pwd' $sandbox).Output | Should -Be "sandbox`n/workspace`n"
    }

    It 'is copied, hosted and reached from outside' {
        $null = New-Item -ItemType Directory "$folder/site"
        Set-Content "$folder/site/index.html" '<h1>grüße</h1>'
        Copy-SandboxItem "$folder/site" "$($sandbox.Name):/workspace/"
        $null = Invoke-SandboxCommand 'python3 -m http.server 8000' $sandbox -WorkingDirectory /workspace/site -Detach

        $address = $sandbox | Get-SandboxHost -Port 8000 -Wait -Timeout 30

        $address.Ready | Should -BeTrue
        $address.Public | Should -BeFalse
        $answer = Invoke-WebRequest $address.Url -NoProxy -TimeoutSec 10
        $answer.StatusCode | Should -Be 200
        [System.Text.Encoding]::UTF8.GetString($answer.RawContentStream.ToArray()) | Should -Match '<h1>grüße</h1>'
        (Get-SandboxHost $sandbox).Url | Should -Be $address.Url
    }

    It 'is removed, with its address' {
        $url = (Get-SandboxHost $sandbox).Url
        Remove-Sandbox $sandbox -Confirm:$false
        { Invoke-WebRequest $url -NoProxy -TimeoutSec 5 } | Should -Throw
        Get-Sandbox "$Prefix*" | Should -BeNullOrEmpty
    }
}

Describe 'A folder with a Dockerfile' {
    BeforeEach { Assert-Engine }

    It 'becomes an image, with its steps told as progress and verbosely, and a sandbox' {
        $null = New-Item -ItemType Directory "$folder/own"
        Set-Content "$folder/own/Dockerfile" "FROM $Image`nRUN echo built > /made`nCOPY note /note"
        Set-Content "$folder/own/note" 'a note'
        $name = "${Prefix}own:1"
        try {
            $image = Build-SandboxImage -Path "$folder/own" -Name $name -NoCache
            $image.Name | Should -Be $name
            $made = New-Sandbox -Image $name -Timeout 5m
            (Invoke-SandboxCommand 'cat /made /note' $made).Output | Should -Be "built`na note`n"
            Remove-Sandbox $made -Confirm:$false
        }
        finally { $null = docker rmi --force $name 2>&1 }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of this suite is left' { Get-Container | Should -BeNullOrEmpty }
}
