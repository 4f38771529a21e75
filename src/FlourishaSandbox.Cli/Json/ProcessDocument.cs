using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A process in a sandbox.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="ProcessId">Its number in the sandbox.</param>
/// <param name="Tag">The word to find it by, or null.</param>
/// <param name="Command">The command line.</param>
/// <param name="WorkingDirectory">The folder that it started in; null for the sandbox's own.</param>
/// <param name="State">Whether it runs.</param>
/// <param name="StartedAt">When it was started, by the sandbox's clock.</param>
/// <param name="EndedAt">When it ended; null while it runs.</param>
/// <param name="ExitCode">Its exit code; null while it runs.</param>
/// <param name="TimedOut">Whether its time was over.</param>
/// <param name="Exceeded">The limit for which it, or something that it had started, was ended; null for none.</param>
/// <param name="TreeSize">How many processes of its tree run.</param>
/// <param name="OutputBytes">Bytes that it wrote.</param>
/// <param name="LostBytes">Bytes of these that are no longer kept.</param>
internal sealed record ProcessDocument(
    string Sandbox,
    string Id,
    int ProcessId,
    string? Tag,
    string Command,
    string? WorkingDirectory,
    ProcessState State,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    int? ExitCode,
    bool TimedOut,
    LimitKind? Exceeded,
    int TreeSize,
    long OutputBytes,
    long LostBytes)
{
    /// <summary>The document for a process.</summary>
    /// <param name="process">The process.</param>
    /// <returns>The document.</returns>
    public static ProcessDocument For(SandboxProcess process) => new(
        process.Sandbox.Name,
        process.Sandbox.Id,
        process.Id,
        process.Tag,
        process.Command,
        process.WorkingDirectory,
        process.State,
        process.StartedAt,
        process.EndedAt,
        process.ExitCode,
        process.TimedOut,
        process.Exceeded,
        process.TreeSize,
        process.OutputBytes,
        process.LostBytes);
}
