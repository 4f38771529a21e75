namespace FlourishaSandbox.Scheduling;

/// <summary>A clean-up that a machine does by the clock.</summary>
public sealed record CleanupSchedule
{
    /// <summary>What the machine does it with.</summary>
    public required ScheduleKind Kind { get; init; }

    /// <summary>Where it is written down: a file, the word <c>crontab</c>, or a task's name.</summary>
    public required string Location { get; init; }

    /// <summary>How often.</summary>
    public required TimeSpan Every { get; init; }

    /// <summary>What is run.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    /// <summary>The variables that it is run with, as they were when it was written down.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Everything that is written, as text.</summary>
    public string Text { get; init; } = "";

    /// <summary>The place and how often.</summary>
    /// <returns>For example <c>crontab, every 15 min</c>.</returns>
    public override string ToString() => $"{Location}, every {Sandboxes.Duration.Describe(Every)}";
}
