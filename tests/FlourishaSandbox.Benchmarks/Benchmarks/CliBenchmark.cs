namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>What it takes to start docker-sandbox, alone and with a question to the engine.</summary>
internal sealed class CliBenchmark : Benchmark
{
    private const double StartLimit = 50;

    /// <inheritdoc/>
    public override string Name => "cli";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        if (laboratory.Cli is not { } cli)
        {
            report.LeaveOut("the start of docker-sandbox", "output/bin/docker-sandbox is not there; './build.sh build' makes it");
            return;
        }

        var sandbox = await laboratory.CreateAsync(cancellationToken);
        var times = await Race.RunAsync(Name, laboratory.Options.Rounds(20), warmUps: 1,
        [
            new("docker-sandbox --version", token => Tool.RunAsync(cli, ["--version"], token)),
            new("docker --version", token => laboratory.DockerAsync(token, "--version")),
            new("docker-sandbox list", token => Tool.RunAsync(cli, ["list"], token)),
            new("docker ps", token => laboratory.DockerAsync(token, "ps")),
        ], cancellationToken);
        await laboratory.RemoveAsync(sandbox, cancellationToken);

        report.Add(new Row("docker-sandbox --version", times[0]) { Against = "docker --version", Other = times[1], Limit = StartLimit });
        report.Add(new Row("docker-sandbox list", times[2]) { Against = "docker ps", Other = times[3] });
    }
}
