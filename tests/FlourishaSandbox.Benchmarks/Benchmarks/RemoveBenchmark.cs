using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>A running sandbox, until it is gone.</summary>
internal sealed class RemoveBenchmark : Benchmark
{
    /// <inheritdoc/>
    public override string Name => "remove";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        Sandbox? sandbox = null;
        Contender Remove(string name, Func<Sandbox, CancellationToken, Task> remove) => new(name, token => remove(sandbox!, token))
        {
            Before = async token => sandbox = await laboratory.CreateAsync(token),
        };

        var times = await Race.RunAsync(Name, laboratory.Options.Rounds(15), warmUps: 1,
        [
            Remove("ours", laboratory.RemoveAsync),
            Remove("raw API", (one, token) => laboratory.Raw.RemoveAsync(one.Id, token)),
            Remove("docker rm -f", (one, token) => laboratory.DockerAsync(token, "rm", "--force", "--volumes", one.Id)),
        ], cancellationToken);

        report.Add(new Row("remove a sandbox", times[0]) { Against = "raw API: delete", Other = times[1] });
        report.Add(new Row("remove a sandbox", times[0]) { Against = "docker rm -f", Other = times[2] });
    }
}
