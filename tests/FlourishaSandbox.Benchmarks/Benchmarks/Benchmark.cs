namespace FlourishaSandbox.Benchmarks.Benchmarks;

/// <summary>One thing to measure.</summary>
internal abstract class Benchmark
{
    /// <summary>What <c>--only</c> calls it.</summary>
    public abstract string Name { get; }

    /// <summary>Measures it.</summary>
    /// <param name="laboratory">What there is to measure with.</param>
    /// <param name="report">Takes the results.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public abstract Task RunAsync(Laboratory laboratory, Report report, CancellationToken cancellationToken);
}
