using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Scheduling;

/// <summary>What a clean-up by the clock is to do.</summary>
public sealed record ScheduleOptions
{
    /// <summary>The shortest time between two: 1 minute.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>The longest time between two: 1 day.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(1);

    /// <summary>How often, in whole minutes; from <see cref="Shortest"/> to <see cref="Longest"/>. Default 15 minutes.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Also sandboxes of this age, in whole seconds, unless they run before their deadline; null for no such limit.</summary>
    public TimeSpan? OlderThan { get; init; }

    /// <summary>Everybody's, not only one's own.</summary>
    public bool AllOwners { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value is out of its range.</exception>
    public void Validate()
    {
        if (Every < Shortest || Every > Longest || Every.Ticks % TimeSpan.TicksPerMinute != 0)
            throw InvalidOption.Create("Every", Every, "is out of range", "Give whole minutes, from 1m to 1d, for example 15m.");

        if (OlderThan is { } age && (age < TimeSpan.FromSeconds(1) || age.Ticks % TimeSpan.TicksPerSecond != 0))
            throw InvalidOption.Create("OlderThan", age, "is out of range", "Give whole seconds, at least one, for example 24h.");
    }
}
