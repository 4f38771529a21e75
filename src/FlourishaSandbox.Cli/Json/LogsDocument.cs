using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What a process wrote.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="ProcessId">Its number in the sandbox.</param>
/// <param name="Tag">The word to find it by, or null.</param>
/// <param name="Running">Whether it still ran.</param>
/// <param name="ExitCode">Its exit code; null while it runs, and where it was killed at its time-out.</param>
/// <param name="TimedOut">Whether its time was over.</param>
/// <param name="Stdout">Standard output; what is no UTF-8 is U+FFFD.</param>
/// <param name="Stderr">Standard error.</param>
/// <param name="LostBytes">Bytes that came first and are no longer kept.</param>
/// <param name="Truncated">Whether there was more output than a document holds.</param>
internal sealed record LogsDocument(string Sandbox, string Id, int ProcessId, string? Tag, bool Running, int? ExitCode, bool TimedOut, string Stdout, string Stderr, long LostBytes, bool Truncated)
{
    /// <summary>The document for what was received.</summary>
    /// <param name="process">The process.</param>
    /// <param name="receipt">How far it went.</param>
    /// <param name="output">What it wrote.</param>
    /// <returns>The document.</returns>
    public static LogsDocument For(SandboxProcess process, ProcessReceipt receipt, CommandOutputBuffer output) => new(
        process.Sandbox.Name,
        process.Sandbox.Id,
        process.Id,
        process.Tag,
        receipt.Exit is null,
        receipt.Exit?.ExitCode,
        receipt.Exit?.TimedOut ?? false,
        Encoding.UTF8.GetString(output.Output.Span),
        Encoding.UTF8.GetString(output.Error.Span),
        receipt.Lost,
        output.Truncated);
}
