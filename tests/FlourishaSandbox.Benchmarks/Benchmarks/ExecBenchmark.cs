using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>A command that does nothing, until its exit code is known.</summary>
internal sealed class ExecBenchmark : Benchmark
{
    private const string Program = "true";
    private const int AtOnce = 100;

    // What the agent is there for.
    private const double RatioToDocker = 0.05;
    private const double ProcessRatioToDocker = 0.5;

    private static readonly CommandRequest s_request = new() { Command = Program, Arguments = [] };

    /// <inheritdoc/>
    public override string Name => "exec";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var sandbox = await laboratory.CreateAsync(cancellationToken);
        List<Contender> contenders =
        [
            new("ours", async token => Check((await laboratory.Manager.RunAsync(sandbox, s_request, input: null, OperationObserver.None, token)).ExitCode)),
            new("raw API", async token => Check(await laboratory.Raw.RunAsync(sandbox.Id, Program, token))),
            new("docker exec", token => laboratory.DockerAsync(token, "exec", sandbox.Id, Program)),
        ];
        if (laboratory.Cli is { } cli)
            contenders.Add(new("docker-sandbox exec", token => Tool.RunAsync(cli, ["exec", sandbox.Id, Program], token)));
        else
            report.LeaveOut("docker-sandbox exec", "output/bin/docker-sandbox is not there; './build.sh build' makes it");

        var times = await Race.RunAsync(Name, laboratory.Options.Rounds(40), warmUps: 2, [.. contenders], cancellationToken);
        var many = await Race.RunAsync($"{AtOnce} at once", laboratory.Options.Rounds(5), warmUps: 1,
        [
            new($"{AtOnce} commands at once", token => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ => Check((await laboratory.Manager.RunAsync(sandbox, s_request, input: null, OperationObserver.None, token)).ExitCode)))),
        ], cancellationToken);
        await laboratory.RemoveAsync(sandbox, cancellationToken);

        report.Add(new Row("run 'true'", times[0]) { Against = "raw API: exec", Other = times[1] });
        report.Add(new Row("run 'true'", times[0]) { Against = "docker exec", Other = times[2], RatioLimit = RatioToDocker });
        report.Add(new Row($"run 'true' {AtOnce} times at once, all together", many[0]));
        if (times.Length > 3)
            report.Add(new Row("docker-sandbox exec, as a process", times[3]) { Against = "docker exec", Other = times[2], RatioLimit = ProcessRatioToDocker });
    }

    private static void Check(int? exitCode)
    {
        if (exitCode != 0)
            throw new InvalidOperationException($"'{Program}' ended with {exitCode}.");
    }
}
