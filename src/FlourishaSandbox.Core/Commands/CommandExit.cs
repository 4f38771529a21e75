using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Commands;

/// <summary>How a command ended.</summary>
/// <param name="ExitCode">Its exit code; null where it was killed at its time-out.</param>
/// <param name="TimedOut">Whether it was killed at its time-out.</param>
public readonly record struct CommandExit(int? ExitCode, bool TimedOut)
{
    /// <summary>The limit for which it, or something that it had started, was ended; null for none.</summary>
    public LimitKind? Exceeded { get; init; }

    /// <summary>What was killed with it at its time-out; null where nothing was, or nobody knows.</summary>
    public IReadOnlyList<EndedProcess>? Killed { get; init; }
}
