using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>A sandbox from an image that is there, until commands can be run in it.</summary>
internal sealed class CreateBenchmark : Benchmark
{
    private const double RatioToRaw = 1.15;

    /// <inheritdoc/>
    public override string Name => "create";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var made = "";
        Contender Make(string name, Func<CancellationToken, Task<string>> make) => new(name, async token => made = await make(token))
        {
            After = token => laboratory.Client.Containers.RemoveAsync(made, force: true, removeVolumes: true, token),
        };

        var times = await Race.RunAsync(Name, laboratory.Options.Rounds(20), warmUps: 1,
        [
            Make("ours", async token => (await laboratory.CreateAsync(token)).Id),
            Make("raw API", token =>
            {
                var (request, name) = laboratory.EqualContainer();
                return laboratory.Raw.CreateAsync(request, name, token);
            }),
            Make("docker run -d", token => laboratory.DockerAsync(token, laboratory.DockerRun())),
        ], cancellationToken);

        report.Add(new Row("create a sandbox", times[0]) { Against = "raw API: create, start", Other = times[1], RatioLimit = RatioToRaw });
        report.Add(new Row("create a sandbox", times[0]) { Against = "docker run -d", Other = times[2] });

        var firsts = await Race.RunAsync("create to first command", laboratory.Options.Rounds(20), warmUps: 1,
        [
            Make("ours", async token =>
            {
                var sandbox = await laboratory.CreateAsync(token);
                await laboratory.Manager.RunAsync(sandbox, new CommandRequest { Command = "true", Arguments = [] }, input: null, OperationObserver.None, token);
                return sandbox.Id;
            }),
            Make("raw API and docker exec", async token =>
            {
                var (request, name) = laboratory.EqualContainer();
                var id = await laboratory.Raw.CreateAsync(request, name, token);
                await laboratory.DockerAsync(token, "exec", id, "true");
                return id;
            }),
        ], cancellationToken);
        report.Add(new Row("create to first command", firsts[0]) { Against = "raw API: create, start; docker exec", Other = firsts[1], RatioLimit = 1 });
    }
}
