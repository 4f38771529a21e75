using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>What a sandbox should use at most, how that is watched, and what is done when it uses more.</summary>
public sealed record LimitPolicy
{
    /// <summary>How often is measured where nothing is said: every second.</summary>
    public static readonly TimeSpan DefaultInterval = TimeSpan.FromSeconds(1);

    /// <summary>What it should use at most; at least one.</summary>
    public IReadOnlyList<LimitThreshold> Thresholds { get; init; } = [];

    /// <summary>What is done when it uses as much or more.</summary>
    public LimitAction Action { get; init; }

    /// <summary>How long to wait between two measurements, at least 50 ms.</summary>
    public TimeSpan Interval { get; init; } = DefaultInterval;

    /// <summary>For how long without a break it must have used so much; zero for at once.</summary>
    public TimeSpan For { get; init; }

    /// <summary>How many measurements; null for no end.</summary>
    public int? Count { get; init; }

    /// <summary>When the watch ends by itself; null for no end.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Thresholds as they are written; null for what is not watched.</summary>
    /// <param name="memory">Of memory.</param>
    /// <param name="cpu">Of CPU time.</param>
    /// <param name="disk">Of the disk.</param>
    /// <param name="processes">Of processes.</param>
    /// <returns>Those that are given.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: one cannot be read.</exception>
    public static IReadOnlyList<LimitThreshold> ReadThresholds(string? memory, string? cpu, string? disk, string? processes) =>
    [
        .. from pair in ((LimitKind Kind, string? Text)[])[(LimitKind.Memory, memory), (LimitKind.Cpu, cpu), (LimitKind.Disk, disk), (LimitKind.Processes, processes)]
           where pair.Text is not null
           select LimitThreshold.Parse(pair.Kind, pair.Text),
    ];

    /// <summary>How many measurements are wanted where nobody says it: one, or as many as it takes to see that something lasts.</summary>
    /// <param name="interval">How long between two.</param>
    /// <param name="duration">How long it has to last.</param>
    /// <returns>At least 1.</returns>
    public static int CountFor(TimeSpan interval, TimeSpan duration) =>
        duration > TimeSpan.Zero && interval > TimeSpan.Zero ? (int)Math.Min(int.MaxValue, Math.Ceiling(duration / interval) + 1) : 1;

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used, or there is no threshold.</exception>
    public void Validate()
    {
        if (Thresholds.Count == 0)
            throw new SandboxException(SandboxError.InvalidOption, "Nothing is to be watched.", remedy: "Give at least one of memory, CPU, disk and processes, for example 90%.");

        if (Interval < TimeSpan.FromMilliseconds(50) || Interval > TimeSpan.FromDays(1))
            throw InvalidOption.Create("Interval", Interval, "is out of range", "Give from 50 milliseconds to one day.");

        if (For < TimeSpan.Zero || For > TimeSpan.FromDays(1))
            throw InvalidOption.Create("For", For, "is out of range", "Give at most one day, for example 10s.");

        if (Count < 1)
            throw InvalidOption.Create("Count", Count, "is out of range", "Give a number from 1 on.");

        if (Timeout <= TimeSpan.Zero)
            throw InvalidOption.Create("Timeout", Timeout, "is not positive", "Give a span such as 1h, or leave it out for no end.");
    }
}
