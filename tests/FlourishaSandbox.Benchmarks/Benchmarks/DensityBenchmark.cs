using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>Many sandboxes that are there at once: all are made, each runs a command, none reaches another, all are removed.</summary>
internal sealed class DensityBenchmark : Benchmark
{
    private const int Sandboxes = 100;
    private const int Concurrency = 8;
    private const string MemoryFile = "/proc/meminfo";

    private readonly ConcurrentQueue<string> _failures = new();

    /// <inheritdoc/>
    public override string Name => "density";

    /// <inheritdoc/>
    public override async Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken)
    {
        var count = laboratory.Options.Quick ? Sandboxes / 5 : Sandboxes;
        Progress.Say($"density: {count} sandboxes at once");
        _failures.Clear();
        var before = AvailableMemory();
        var made = new ConcurrentQueue<Sandbox>();
        var creating = await MeasureAsync(() => EachAsync(Enumerable.Range(0, count), "making one", async (_, token) => made.Enqueue(await laboratory.CreateAsync(token)), cancellationToken));
        var sandboxes = made.ToList();
        var after = AvailableMemory();

        var running = await MeasureAsync(() => EachAsync(sandboxes, "running a command", async (one, token) => await ExpectAsync(laboratory, one, "echo $((6 * 7))", "42", token), cancellationToken));
        var memory = new Series("MB");
        foreach (var one in sandboxes)
            memory.Add((await laboratory.Manager.MeasureAsync(one, cancellationToken)).MemoryUsed / 1e6);

        var addresses = await AddressesAsync(laboratory, sandboxes, cancellationToken);
        await EachAsync(Enumerable.Range(0, sandboxes.Count), "reaching another", async (i, token) => await ReachAsync(laboratory, sandboxes[i], addresses[(i + 1) % sandboxes.Count], token), cancellationToken);
        var removing = await MeasureAsync(() => EachAsync(sandboxes, "removing one", laboratory.RemoveAsync, cancellationToken));

        foreach (var failure in _failures.Take(5))
            Progress.Say(failure);

        report.Add(new Row($"make {count}, {Concurrency} at a time, all there at once", new Series("ms", creating)));
        report.Add(new Row($"run a command in each of {count}", new Series("ms", running)));
        report.Add(new Row($"remove {count}", new Series("ms", removing)));
        report.Add(new Row($"memory of each of {count}", memory));
        if (before is { } free && after is { } left && sandboxes.Count > 0)
            report.Add(new Row("memory that the machine has less, for each", new Series("MB", (free - left) / 1e6 / sandboxes.Count)));

        report.Add(new Row($"failures: made, ran, reached another, removed", new Series("", _failures.Count)) { Limit = 1 });
    }

    // The agent's port is open in each, and to itself: what cannot be reached there cannot be reached at all.
    private static async Task ReachAsync(Laboratory laboratory, Sandbox sandbox, string? other, CancellationToken cancellationToken)
    {
        if (other is null)
            throw new InvalidOperationException("the other one has no address");

        var script = string.Create(CultureInfo.InvariantCulture, $"try() {{ timeout 2 bash -c \"exec 3<>/dev/tcp/$1/{EnvdProtocol.Port}\" 2>/dev/null && echo open || echo closed; }}; try 127.0.0.1; try {other}");
        await ExpectAsync(laboratory, sandbox, script, "open\nclosed", cancellationToken);
    }

    private static async Task ExpectAsync(Laboratory laboratory, Sandbox sandbox, string script, string expected, CancellationToken cancellationToken)
    {
        var result = await laboratory.Manager.RunAsync(sandbox, new CommandRequest { Command = script }, input: null, OperationObserver.None, cancellationToken);
        if (result.Output.Trim() != expected)
            throw new InvalidOperationException($"'{script}' gave '{result.Output.Trim()}'");
    }

    private static async Task<string?[]> AddressesAsync(Laboratory laboratory, List<Sandbox> sandboxes, CancellationToken cancellationToken)
    {
        var addresses = new string?[sandboxes.Count];
        for (var i = 0; i < sandboxes.Count; i++)
            addresses[i] = (await laboratory.Client.Containers.InspectAsync(sandboxes[i].Id, cancellationToken)).NetworkSettings.Networks.Values.FirstOrDefault()?.IPAddress;

        return addresses;
    }

    private async Task EachAsync<T>(IEnumerable<T> items, string what, Func<T, CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(items, parallel, async (item, token) =>
        {
            try
            {
                await act(item, token);
            }
#pragma warning disable CA1031 // Failures are what is counted here.
            catch (Exception exception) when (exception is not OperationCanceledException)
#pragma warning restore CA1031
            {
                _failures.Enqueue($"{what} failed: {exception.Message}");
            }
        });
    }

    private static async Task<double> MeasureAsync(Func<Task> act)
    {
        var started = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    // In bytes; null where the kernel is no Linux.
    private static double? AvailableMemory() =>
        File.Exists(MemoryFile)
            ? double.Parse(File.ReadLines(MemoryFile).First(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024
            : null;
}
