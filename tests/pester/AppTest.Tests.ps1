# Suites of an app: Test-SandboxApp.

BeforeAll {
    . "$PSScriptRoot/Support.ps1"
    Enter-Suite 'apptest'
    $folder = (New-Item -ItemType Directory "$TestDrive/app").FullName
    if ($EngineProblem) { return }

    $sandbox = New-Sandbox minimal -Name "$($Prefix)one" -Port 8000 -Timeout 10m
    Copy-SandboxItem "$RepositoryRoot/tests/FlourishaSandbox.Browser.Tests/Suites/app.py" "$($sandbox.Name):/workspace/"
    Set-Content "$folder/sandbox-tests.yaml" @'
name: Guest book
app: { port: 8000, start: python3 app.py 8000, workingDirectory: /workspace, ready: /health }
variables: { words: Guest book }
api:
  - { name: Healthy, request: /health, tags: quick, expect: { json: { $.status: ok } } }
  - { name: Wrong, request: /health, expect: { json: { $.status: "${words}" } } }
stories:
  - name: The book is open
    viewports: [phone, desktop]
    steps:
      - expect: { of: h1, text: "${words}" }
      - screenshot: The book
visual:
  - { name: Colour, of: "#colour" }
'@
}

AfterAll { Exit-Suite }

Describe 'Test-SandboxApp' {
    BeforeEach { Assert-Agent $sandbox }

    It 'gives a result for each check, with reports and pictures' {
        $results = $sandbox | Test-SandboxApp -Suite $folder -Report "$TestDrive/report", "$TestDrive/only.json" -Evidence "$TestDrive/evidence"
        $results.Name | Should -Be 'The app answers', Healthy, Wrong, 'The book is open', 'The book is open', 'The book is open', 'The book is open', Colour
        ($results | Where-Object Status -EQ Failed).Message | Should -Be '$.status is "ok", expected "Guest book".'
        $results[3].GetType().FullName | Should -Be FlourishaSandbox.Browser.Suites.AppTestResult
        $results[3].Where | Should -Be phone
        $results[3].Sandbox.Id | Should -Be $sandbox.Id
        $results[3].Pictures.Path | Should -Exist
        $results[3].Pictures.Path | Should -BeLike "$TestDrive/evidence/$($sandbox.Name)/*"
        "$TestDrive/report/report.html", "$TestDrive/report/junit.xml", "$TestDrive/report/results.json", "$folder/baselines/colour-desktop.png" | Should -Exist
        ([xml](Get-Content -Raw "$TestDrive/report/junit.xml")).testsuites.failures | Should -Be 1
        (Get-Content -Raw "$TestDrive/only.json" | ConvertFrom-Json).results.Count | Should -Be 8
        Get-SandboxProcess $sandbox | Should -BeNullOrEmpty
    }

    It 'makes the checks that are wanted, with the variables that are given' {
        $results = Test-SandboxApp $sandbox.Name $folder -Check 'w*', nothing -Variable @{ words = 'ok' } -Evidence "$TestDrive/evidence"
        $results | ForEach-Object { "$($_.Name): $($_.Status)" } | Should -Be 'The app answers: Passed', 'Wrong: Passed'
        Push-Location $folder
        try { (Test-SandboxApp $sandbox -Tag QUICK).Name | Should -Be 'The app answers', Healthy }
        finally { Pop-Location }
        (Get-ErrorOf { Test-SandboxApp $sandbox $folder -Check nothing }).Exception.Message | Should -Match "No check of the suite 'Guest book' is wanted"
    }

    It 'replaces what looks are compared with when it is told to, and only then' {
        $baseline = "$folder/baselines/colour-desktop.png"
        Copy-Item "$RepositoryRoot/docs/examples/calculator/baselines/*phone.png" $baseline
        $before = (Get-FileHash $baseline).Hash
        $failed = Test-SandboxApp $sandbox $folder -Check Colour -Evidence "$TestDrive/visual"
        $failed[1].Status | Should -Be Failed
        $failed[1].Pictures.Name | Should -Be Difference, Expected, Actual, 'What was there'
        Test-SandboxApp $sandbox $folder -Check Colour -UpdateBaseline -WhatIf | Should -BeNullOrEmpty
        (Get-FileHash $baseline).Hash | Should -Be $before
        (Test-SandboxApp $sandbox $folder -Check Colour -UpdateBaseline -Evidence "$TestDrive/update")[1].Status | Should -Be Passed
        (Get-FileHash $baseline).Hash | Should -Not -Be $before
    }

    It 'is a table that one sees through' {
        $table = Test-SandboxApp $sandbox $folder -Check Wrong, Healthy | Format-Table | Out-String -Width 160
        $table | Should -Match 'Sandbox +Status +Kind +Where +Time +Name +Message'
        $table | Should -Match '✓ Passed +Api +outside .* Healthy'
        $table | Should -Match '✕ Failed +Api +outside .* Wrong +\$\.status is "ok"'
    }

    It 'tests those sandboxes that are there' {
        $errors = $null
        $results = "$($Prefix)none", $sandbox | Test-SandboxApp -Suite $folder -Check Healthy -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors.FullyQualifiedErrorId | Should -Be 'SandboxNotFound,FlourishaSandbox.Cmdlets.TestSandboxAppCommand'
        $results.Name | Should -Be 'The app answers', Healthy
    }

    It 'completes the names and the tags of a suite' {
        function Complete([string]$Line) { (TabExpansion2 $Line -cursorColumn $Line.Length).CompletionMatches.CompletionText }
        Complete "Test-SandboxApp x $folder -Check " | Should -Be "Colour", "Healthy", "'The book is open'", "Wrong"
        Complete "Test-SandboxApp x $folder -Tag q" | Should -Be quick
        Push-Location $folder
        try { Complete 'Test-SandboxApp x -Check Wr' | Should -Be Wrong }
        finally { Pop-Location }
    }

    It 'ends the app that it started when it is interrupted' {
        Set-Content "$folder/slow.yaml" ((Get-Content -Raw "$folder/sandbox-tests.yaml") + "run: [{ command: sleep 60 }]`n")
        $child = Start-Child "`$null = Test-SandboxApp '$($sandbox.Name)' '$folder/slow.yaml' -Check 'sleep*'"
        for ($i = 0; $i -lt 300 -and -not (Get-SandboxProcess $sandbox | Where-Object Command -Like '*app.py*'); $i++) { Start-Sleep -Milliseconds 100 }
        Get-SandboxProcess $sandbox | Where-Object Command -Like '*app.py*' | Should -Not -BeNullOrEmpty
        kill -INT $child.Id
        (Wait-Child $child).Ended | Should -BeTrue
        Get-SandboxProcess $sandbox | Should -BeNullOrEmpty
    }

    It 'tells what is wrong in a suite before anything runs' {
        Set-Content "$TestDrive/bad.yaml" "name: x`nrun:`n  - comand: a"
        $problem = Get-ErrorOf { Test-SandboxApp $sandbox "$TestDrive/bad.yaml" }
        $problem.FullyQualifiedErrorId | Should -Match '^InvalidOption,'
        $problem.Exception.Message | Should -Match "line 3: 'comand' is no key of a command; did you mean 'command'"
        (Get-ErrorOf { Test-SandboxApp $sandbox "$TestDrive/none.yaml" }).FullyQualifiedErrorId | Should -Match '^PathNotFound,'
        (Get-ErrorOf { Test-SandboxApp $sandbox $folder -Report "$TestDrive/report.htm" }).FullyQualifiedErrorId | Should -Match '^InvalidOption,'
    }
}

Describe 'Afterwards' {
    It 'nothing of this suite is left' {
        Assert-Engine
        Get-Sandbox | Remove-Sandbox -Confirm:$false
        Get-Container | Should -BeNullOrEmpty
    }
}
