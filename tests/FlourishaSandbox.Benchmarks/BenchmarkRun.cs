using System.Diagnostics;
using FlourishaSandbox.Benchmarks.Benchmarks;

namespace FlourishaSandbox.Benchmarks;

/// <summary>One run: the machine, every benchmark that is wanted, the table, and nothing left behind.</summary>
internal static class BenchmarkRun
{
    private static readonly Benchmark[] s_all =
    [
        // Copies first: what the others remove would slow them, see there.
        new CopyBenchmark(), new CreateBenchmark(), new PoolBenchmark(), new RemoveBenchmark(), new ExecBenchmark(), new FileBenchmark(),
        new ParallelBenchmark(), new DensityBenchmark(), new PowerShellBenchmark(), new CliBenchmark(), new GatewayBenchmark(),
    ];

    /// <summary>The benchmarks' names, in the order in which they run.</summary>
    public static IEnumerable<string> Names => s_all.Select(benchmark => benchmark.Name);

    /// <summary>Runs.</summary>
    /// <param name="options">Which benchmarks, and how thoroughly.</param>
    /// <param name="cancellationToken">Ends the run early; what was measured by then is printed.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BenchmarkOptions options, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var report = new Report();
        var failures = 0;
        await using (var laboratory = new Laboratory(options))
        {
            try
            {
                await laboratory.PrepareAsync(cancellationToken);
                await MachineFacts.PrintAsync(laboratory, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                Console.Error.WriteLine($"error: {exception.Message}");
                return 1;
            }
            catch (OperationCanceledException)
            {
                return 130;
            }

            foreach (var benchmark in s_all.Where(benchmark => options.Wants(benchmark.Name)))
            {
                try
                {
                    var begun = Stopwatch.GetTimestamp();
                    await benchmark.RunAsync(laboratory, report, cancellationToken);
                    Progress.Say($"{benchmark.Name} took {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} s");
                }
                catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
                {
                    Progress.Say("interrupted");
                    failures = 130;
                    break;
                }
#pragma warning disable CA1031 // One benchmark that fails must not take the others' figures with it.
                catch (Exception exception)
#pragma warning restore CA1031
                {
                    Console.Error.WriteLine($"error: {benchmark.Name}: {exception}");
                    failures = 1;
                }
            }
        }

        report.Print(Stopwatch.GetElapsedTime(started));
        return failures;
    }
}
