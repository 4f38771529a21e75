namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>Many sandboxes at once, made and removed.</summary>
internal sealed class ParallelBenchmark : Benchmark
{
    private const int Sandboxes = 20;
    private const int Concurrency = 8;
    private const double RatioToRaw = 1.1;

    /// <inheritdoc/>
    public override string Name => "parallel";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var ids = new string[Sandboxes];
        async Task<string> RawCreateAsync(CancellationToken token)
        {
            var (request, name) = laboratory.EqualContainer();
            return await laboratory.Raw.CreateAsync(request, name, token);
        }

        Contender Make(string name, Func<CancellationToken, Task<string>> make) => new(name, token => EachAsync(async (i, one) => ids[i] = await make(one), token))
        {
            After = token => EachAsync((i, one) => laboratory.Raw.RemoveAsync(ids[i], one), token),
        };

        Contender Remove(string name, Func<string, CancellationToken, Task> remove) => new(name, token => EachAsync((i, one) => remove(ids[i], one), token))
        {
            Before = token => EachAsync(async (i, one) => ids[i] = await RawCreateAsync(one), token),
        };

        var rounds = laboratory.Options.Rounds(3);
        var made = await Race.RunAsync($"create {Sandboxes} at once", rounds, warmUps: 0,
        [
            Make("ours", async token => (await laboratory.CreateAsync(token)).Id),
            Make("raw API", RawCreateAsync),
        ], cancellationToken);
        report.Add(new Row($"create {Sandboxes}, {Concurrency} at a time", made[0]) { Against = "raw API", Other = made[1], RatioLimit = RatioToRaw });

        var sandboxes = laboratory.Manager;
        var removed = await Race.RunAsync($"remove {Sandboxes} at once", rounds, warmUps: 0,
        [
            Remove("ours", async (id, token) => await laboratory.RemoveAsync(await sandboxes.GetAsync(new(id), token), token)),
            Remove("raw API", laboratory.Raw.RemoveAsync),
        ], cancellationToken);
        report.Add(new Row($"remove {Sandboxes} by id, {Concurrency} at a time", removed[0]) { Against = "raw API", Other = removed[1] });
    }

    private static Task EachAsync(Func<int, CancellationToken, Task> act, CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Sandboxes), new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken },
            async (i, token) => await act(i, token));
}
