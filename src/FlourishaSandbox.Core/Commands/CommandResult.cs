using System.Text;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Commands;

/// <summary>What became of a command.</summary>
public sealed class CommandResult
{
    private readonly Lazy<string> _output;
    private readonly Lazy<string> _error;

    /// <summary>Creates a result.</summary>
    /// <param name="outputBytes">What was written to standard output.</param>
    /// <param name="errorBytes">What was written to standard error.</param>
    public CommandResult(ReadOnlyMemory<byte> outputBytes = default, ReadOnlyMemory<byte> errorBytes = default)
    {
        OutputBytes = outputBytes;
        ErrorBytes = errorBytes;
        _output = new(() => Encoding.UTF8.GetString(OutputBytes.Span));
        _error = new(() => Encoding.UTF8.GetString(ErrorBytes.Span));
    }

    /// <summary>The sandbox that it ran in.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The command as it was given.</summary>
    public required string Command { get; init; }

    /// <summary>Its number in the sandbox, where it was started detached; Get-SandboxProcess and its siblings take it.</summary>
    public int? ProcessId { get; init; }

    /// <summary>What was killed with it at its time-out.</summary>
    public IReadOnlyList<EndedProcess> Killed { get; init; } = [];

    /// <summary>The exit code; 128 and the signal's number where a signal ended it. Null where it was started detached, or was killed at its time-out.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether it ended by itself with exit code 0.</summary>
    public bool Succeeded => ExitCode == 0;

    /// <summary>Standard output, read as UTF-8; what is no UTF-8 becomes U+FFFD, and <see cref="OutputBytes"/> has it as it was.</summary>
    public string Output => _output.Value;

    /// <summary>Standard error, read as UTF-8.</summary>
    public string Error => _error.Value;

    /// <summary>Standard output, byte for byte.</summary>
    public ReadOnlyMemory<byte> OutputBytes { get; }

    /// <summary>Standard error, byte for byte.</summary>
    public ReadOnlyMemory<byte> ErrorBytes { get; }

    /// <summary>The limit for which it, or something that it had started, was ended; null for none.</summary>
    public LimitKind? Exceeded { get; init; }

    /// <summary>Whether the kernel ended it, or something that it had started, because the sandbox had no memory left.</summary>
    public bool OutOfMemory => Exceeded == LimitKind.Memory;

    /// <summary>Whether there was more output than is kept (<see cref="CommandOutputBuffer.DefaultLimit"/> bytes of each stream); the beginning is kept.</summary>
    public bool Truncated { get; init; }

    /// <summary>From the call to the end of the command, by the caller's clock.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Whether it was killed because its time was over. The output so far is kept.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The output.</summary>
    /// <returns><see cref="Output"/>.</returns>
    public override string ToString() => Output;
}
