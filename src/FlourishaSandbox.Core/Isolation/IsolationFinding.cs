using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>How one attempt on one sandbox went.</summary>
public sealed record IsolationFinding
{
    /// <summary>The sandbox.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The attempt's name, such as <c>raw-socket</c>.</summary>
    public required string Attempt { get; init; }

    /// <summary>What it is about.</summary>
    public required IsolationCategory Category { get; init; }

    /// <summary>Whether the sandbox held.</summary>
    public required IsolationOutcome Outcome { get; init; }

    /// <summary>What happened, in words. Some of them come out of the sandbox; they hold no control characters.</summary>
    public required string Detail { get; init; }

    /// <summary>What closes it; null where the sandbox held.</summary>
    public string? Remedy { get; init; }
}
