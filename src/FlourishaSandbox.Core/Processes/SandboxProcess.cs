using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Processes;

/// <summary>A process that somebody started in a sandbox, as it was when it was asked for. It does not change; ask again for news.</summary>
public sealed class SandboxProcess
{
    /// <summary>The sandbox that it runs in.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>Its number in the sandbox.</summary>
    public required int Id { get; init; }

    /// <summary>The command line, as a shell would read it; the program and its arguments where no shell was asked for.</summary>
    public required string Command { get; init; }

    /// <summary>The word that its starter gave it; <c>start</c> for the template's start command. Null where it has none.</summary>
    public string? Tag { get; init; }

    /// <summary>The folder that it started in; null for the sandbox's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Whether it runs.</summary>
    public ProcessState State => EndedAt is null ? ProcessState.Running : ProcessState.Ended;

    /// <summary>When it was started, by the sandbox's clock.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Its exit code, 128 and the signal's number where a signal ended it; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Whether its time was over.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The limit for which it, or something that it had started, was ended; null for none.</summary>
    public LimitKind? Exceeded { get; init; }

    /// <summary>Whether the kernel ended it, or something that it had started, because the sandbox had no memory left.</summary>
    public bool OutOfMemory => Exceeded == LimitKind.Memory;

    /// <summary>Whether it has a terminal.</summary>
    public bool HasTerminal { get; init; }

    /// <summary>How many processes of its tree run, itself included.</summary>
    public int TreeSize { get; init; }

    /// <summary>Bytes that it wrote so far, to all streams together.</summary>
    public long OutputBytes { get; init; }

    /// <summary>Bytes of these that came first and are no longer kept.</summary>
    public long LostBytes { get; init; }

    /// <summary>The command.</summary>
    /// <returns><see cref="Id"/> and <see cref="Command"/>.</returns>
    public override string ToString() => $"{Id} ({Command})";
}
