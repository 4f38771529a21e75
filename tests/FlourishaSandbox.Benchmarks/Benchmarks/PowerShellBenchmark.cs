using System.Globalization;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>The module in a real PowerShell: how long importing takes, and a command once it is imported.</summary>
internal sealed class PowerShellBenchmark : Benchmark
{
    private const double ImportLimit = 200;
    private const double RatioToDocker = 0.1;

    /// <inheritdoc/>
    public override string Name => "powershell";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        if (Tool.Find("pwsh") is not { } pwsh)
        {
            report.LeaveOut("the module", "there is no pwsh on PATH");
            return;
        }

        if (laboratory.Module is not { } module)
        {
            report.LeaveOut("the module", "output/FlourishaSandbox is not there; './build.sh build' makes it");
            return;
        }

        Task<string> RunAsync(string script, CancellationToken token) => Tool.RunAsync(pwsh, ["-NoProfile", "-NonInteractive", "-Command", script], token);

        Progress.Say($"powershell: {await RunAsync("$PSVersionTable.PSVersion.ToString()", cancellationToken)} at {pwsh}, {module}");
        await ImportAsync(RunAsync, module, laboratory.Options.Rounds(7), report, cancellationToken);
        await InvokeAsync(RunAsync, module, laboratory, report, cancellationToken);
    }

    private static async Task ImportAsync(Func<string, CancellationToken, Task<string>> run, string module, int rounds, Report report, CancellationToken cancellationToken)
    {
        var inside = new Series("ms");
        var times = await Race.RunAsync("Import-Module", rounds, warmUps: 1,
        [
            new("pwsh", token => run("exit", token)),
            new("pwsh with the module", token => run($"Import-Module '{module}'", token)),
            new("Measure-Command", async token => inside.Add(Number(await run($"(Measure-Command {{ Import-Module '{module}' }}).TotalMilliseconds", token)))),
        ], cancellationToken);

        var import = new Series("ms", times[1].Values.Zip(times[0].Values, (with, without) => with - without));
        report.Add(new Row("Import-Module, what it adds to a start", import) { Limit = ImportLimit, Against = "pwsh alone", Other = times[0] });
        report.Add(new Row("Import-Module, by Measure-Command", new Series("ms", inside.Values.Skip(1))) { Limit = ImportLimit });
    }

    // Warm: what the second and every later command of a session takes. In turns with docker exec, from the same PowerShell.
    private static async Task InvokeAsync(Func<string, CancellationToken, Task<string>> run, string module, Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var rounds = laboratory.Options.Rounds(30);
        Progress.Say($"Invoke-SandboxCommand: {rounds} rounds beside docker exec");
        var sandbox = await laboratory.CreateAsync(cancellationToken);
        var script = $$"""
            $ErrorActionPreference = 'Stop'
            Import-Module '{{module}}'
            $sandbox = Get-Sandbox '{{sandbox.Name}}'
            foreach ($round in 1..{{rounds + 3}}) {
                $ours = Measure-Command { $result = Invoke-SandboxCommand true $sandbox -ArgumentList @() }
                $named = Measure-Command { $null = Invoke-SandboxCommand true $sandbox.Name -ArgumentList @() }
                $docker = Measure-Command { docker exec $sandbox.Id true }
                if ($result.ExitCode -ne 0 -or $LASTEXITCODE -ne 0) { throw 'true did not succeed' }
                if ($round -gt 3) { '{0:R} {1:R} {2:R}' -f $ours.TotalMilliseconds, $named.TotalMilliseconds, $docker.TotalMilliseconds }
            }
            """;
        var lines = (await run(script, cancellationToken)).Split('\n').Select(line => line.Split(' ').Select(Number).ToList()).ToList();
        await laboratory.RemoveAsync(sandbox, cancellationToken);

        var docker = new Series("ms", lines.Select(line => line[2]));
        report.Add(new Row("Invoke-SandboxCommand true, by object", new Series("ms", lines.Select(line => line[0]))) { Against = "docker exec in pwsh", Other = docker, RatioLimit = RatioToDocker });
        report.Add(new Row("Invoke-SandboxCommand true, by name", new Series("ms", lines.Select(line => line[1]))) { Against = "docker exec in pwsh", Other = docker, RatioLimit = RatioToDocker });
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
