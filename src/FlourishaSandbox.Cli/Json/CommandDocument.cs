using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What became of a command.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="Command">The command as it was started.</param>
/// <param name="ExitCode">Its exit code; null where it was left in the background or killed at its time-out.</param>
/// <param name="TimedOut">Whether it was killed at its time-out.</param>
/// <param name="Exceeded">The limit for which it, or something that it had started, was ended; null for none.</param>
/// <param name="Background">Whether it was left in the background.</param>
/// <param name="ProcessId">Its number in the sandbox, where it was left in the background; null where the sandbox has no agent.</param>
/// <param name="Killed">What was killed with it at its time-out.</param>
/// <param name="DurationSeconds">From the call to the end.</param>
/// <param name="Stdout">Standard output; what is no UTF-8 is U+FFFD.</param>
/// <param name="Stderr">Standard error.</param>
/// <param name="Truncated">Whether there was more output than is kept.</param>
internal sealed record CommandDocument(
    string Sandbox,
    string Id,
    IReadOnlyList<string> Command,
    int? ExitCode,
    bool TimedOut,
    LimitKind? Exceeded,
    bool Background,
    int? ProcessId,
    IReadOnlyList<EndedProcess> Killed,
    double DurationSeconds,
    string Stdout,
    string Stderr,
    bool Truncated)
{
    /// <summary>The document for a result.</summary>
    /// <param name="result">The result.</param>
    /// <param name="words">The command as it was started.</param>
    /// <param name="background">Whether it was left in the background.</param>
    /// <returns>The document.</returns>
    public static CommandDocument For(CommandResult result, IReadOnlyList<string> words, bool background) => new(
        result.Sandbox.Name,
        result.Sandbox.Id,
        words,
        result.ExitCode,
        result.TimedOut,
        result.Exceeded,
        background,
        result.ProcessId,
        result.Killed,
        Math.Round(result.Duration.TotalSeconds, 3),
        result.Output,
        result.Error,
        result.Truncated);
}
