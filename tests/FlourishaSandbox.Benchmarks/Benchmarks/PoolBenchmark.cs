using FlourishaSandbox.Commands;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>A sandbox that waited in a pool, until its first command has run.</summary>
internal sealed class PoolBenchmark : Benchmark
{
    private const double RatioToDocker = 0.1;

    /// <inheritdoc/>
    public override string Name => "pool";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var pools = laboratory.Manager.Pools;
        var definition = new PoolDefinition { Image = laboratory.Options.Image, Size = 1 };
        Sandbox? claimed = null;
        var container = "";
        var times = await Race.RunAsync("claim to first command", laboratory.Options.Rounds(20), warmUps: 1,
        [
            new("ours", async token =>
            {
                claimed = await laboratory.CreateAsync(token);
                await laboratory.Manager.RunAsync(claimed, new CommandRequest { Command = "true", Arguments = [] }, input: null, OperationObserver.None, token);
            })
            {
                Before = token => pools.SetAsync(definition, OperationObserver.None, token),
                After = async token =>
                {
                    if (claimed is not { IsFromPool: true })
                        throw new InvalidOperationException("The sandbox did not come from the pool.");

                    await laboratory.RemoveAsync(claimed, token);
                },
            },
            new("docker run -d, docker exec", async token =>
            {
                container = await laboratory.DockerAsync(token, laboratory.DockerRun());
                await laboratory.DockerAsync(token, "exec", container, "true");
            })
            {
                After = token => laboratory.Client.Containers.RemoveAsync(container, force: true, removeVolumes: true, token),
            },
        ], cancellationToken);
        report.Add(new Row("claim one from a pool to first command", times[0]) { Against = "docker run -d; docker exec", Other = times[1], RatioLimit = RatioToDocker });
    }
}
