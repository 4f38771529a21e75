namespace FlourishaSandbox.Benchmarks;

/// <summary>One way of doing a thing.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Run">Does it; this is what is measured.</param>
internal sealed record Contender(string Name, Func<CancellationToken, Task> Run)
{
    /// <summary>What has to be done before each time, unmeasured.</summary>
    public Func<CancellationToken, Task>? Before { get; init; }

    /// <summary>What has to be done after each time, unmeasured.</summary>
    public Func<CancellationToken, Task>? After { get; init; }

    /// <summary>The same, with an eye on how far this process's memory grows meanwhile.</summary>
    /// <param name="memory">Takes the growth of each time, in MB.</param>
    public Contender Watching(Series memory)
    {
        MemoryWatch? watch = null;
        return this with
        {
            // To start watching takes time that is not the contender's.
            Before = async token =>
            {
                await (Before?.Invoke(token) ?? Task.CompletedTask);
                watch = new MemoryWatch();
            },
            After = async token =>
            {
                watch!.Dispose();
                memory.Add(watch.Growth);
                await (After?.Invoke(token) ?? Task.CompletedTask);
            },
        };
    }
}
