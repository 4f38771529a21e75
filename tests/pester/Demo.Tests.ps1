# The examples' demos in PowerShell, from the first line to the last: a sandbox, a gateway, a browser, a report, and nothing left.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'demo'
    $folder = New-TestFolder
    # Their images may have to be built first; where neither a package mirror nor a registry answers, nothing can be shown.
    $problem = $EngineProblem
    if (-not $problem) {
        try { foreach ($template in 'fullstack', 'react', 'browser') { $null = Build-SandboxImage $template } }
        catch { $problem = $_.FullyQualifiedErrorId -like 'ImageBuildFailed,*' ? "the template $template cannot be built here: $($_.Exception.Message)" : (throw) }
    }
}

AfterAll {
    Remove-Item $folder -Recurse -Force
    Exit-Suite
}

Describe 'The demo of the <name>' -ForEach @(
    @{ Name = 'calculator'; Story = '5 + 3 is 8, and is remembered'; Pictures = 'phone.png', 'desktop.png' }
    @{ Name = 'todo'; Story = 'A todo is added, done and cleared'; Pictures = 'phone.png', 'desktop.png' }
) {
    BeforeAll {
        if (-not $problem) {
            $said = & "$RepositoryRoot/docs/examples/$Name/demo.ps1" -Output "$folder/$Name" 6>&1 | Out-String
            $code = $LASTEXITCODE
        }
    }

    BeforeEach { if ($problem) { Set-ItResult -Skipped -Because $problem } }

    It 'checks everything, and finds it right' {
        $code | Should -Be 0 -Because $said
        $said | Should -Match 'checks: \d+ passed, 0 failed'
    }

    It 'writes a report with pictures at the size of a phone and of a desktop' {
        $cases = ([xml](Get-Content "$folder/$Name/junit.xml" -Raw)).SelectNodes('//testcase')
        @($cases | Where-Object { $_.name -like "*$Story*" }).Count | Should -BeGreaterOrEqual 2
        $cases.SelectNodes('failure|error|skipped') | Should -BeNullOrEmpty
        $page = Get-Content "$folder/$Name/report.html" -Raw
        $page | Should -Match 'src="data:image/png;base64,[^"]+" width="390"'
        $page | Should -Match 'src="data:image/png;base64,[^"]+" width="1280"'
    }

    It 'keeps the pictures that it took itself' {
        foreach ($picture in $Pictures) {
            [System.Convert]::ToHexString([System.IO.File]::ReadAllBytes("$folder/$Name/$picture")[0..7]) | Should -Be '89504E470D0A1A0A'
        }
    }
}

Describe 'Afterwards' {
    BeforeEach { Assert-Engine }

    It 'nothing of a demo is left' {
        docker ps --all --filter label=flourisha.sandbox --format '{{.Label "flourisha.owner"}}' | Where-Object { $_ -like 'demo-*' } | Should -BeNullOrEmpty
    }
}
