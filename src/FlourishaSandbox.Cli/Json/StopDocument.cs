using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What ending a process came to.</summary>
/// <param name="Process">The process, as it is now.</param>
/// <param name="Killed">Everything that was ended with it, itself included.</param>
internal sealed record StopDocument(ProcessDocument Process, IReadOnlyList<EndedProcess> Killed)
{
    /// <summary>The document for a process that was stopped.</summary>
    /// <param name="stopped">What it came to.</param>
    /// <returns>The document.</returns>
    public static StopDocument For(StoppedProcess stopped) => new(ProcessDocument.For(stopped.Process), stopped.Killed);
}
