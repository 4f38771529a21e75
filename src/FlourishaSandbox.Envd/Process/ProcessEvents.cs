namespace FlourishaSandbox.Envd.Process;

/// <summary>Each message of the streams Start and Connect.</summary>
/// <param name="Event">What happened.</param>
public sealed record ProcessEventResponse(ProcessEvent? Event = null);

/// <summary>What happened to a process: one of the four.</summary>
public sealed record ProcessEvent
{
    /// <summary>It runs, or did; the first event of every stream.</summary>
    public ProcessStartEvent? Start { get; init; }

    /// <summary>It wrote something.</summary>
    public ProcessDataEvent? Data { get; init; }

    /// <summary>It has ended; the last event.</summary>
    public ProcessEndEvent? End { get; init; }

    /// <summary>Nothing, but the stream lives.</summary>
    public KeepAliveEvent? Keepalive { get; init; }
}

/// <summary>A sign of life.</summary>
public sealed record KeepAliveEvent;

/// <summary>A process runs.</summary>
public sealed record ProcessStartEvent
{
    /// <summary>Its number in the sandbox.</summary>
    public int Pid { get; init; }

    /// <summary>What of its output follows.</summary>
    public OutputPosition? Flourisha { get; init; }
}

/// <summary>Where in a process's output a stream begins.</summary>
/// <param name="Offset">Bytes that were written, on all streams together, before the first that follows.</param>
/// <param name="Lost">Bytes that the caller asked for and that are no longer kept; they come before <paramref name="Offset"/>.</param>
public sealed record OutputPosition(long Offset, long Lost);

/// <summary>What a process wrote: on one of the three.</summary>
public sealed record ProcessDataEvent
{
    /// <summary>On standard output.</summary>
    public byte[]? Stdout { get; init; }

    /// <summary>On standard error.</summary>
    public byte[]? Stderr { get; init; }

    /// <summary>On its terminal.</summary>
    public byte[]? Pty { get; init; }
}

/// <summary>How a process ended.</summary>
public sealed record ProcessEndEvent
{
    /// <summary>Its exit code; 128 and the signal's number where a signal ended it.</summary>
    public int ExitCode { get; init; }

    /// <summary>Whether it ended by itself, and not by a signal.</summary>
    public bool Exited { get; init; }

    /// <summary>In words: <c>exit status 1</c>, <c>signal: killed</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What went wrong, where it did not end by itself.</summary>
    public string? Error { get; init; }

    /// <summary>More than E2B's protocol says.</summary>
    public ProcessEndDetails? Flourisha { get; init; }
}

/// <summary>More about a process's end.</summary>
public sealed record ProcessEndDetails
{
    /// <summary>Whether it was ended because its time was over.</summary>
    public bool TimedOut { get; init; }

    /// <summary>The limit for which it was ended, or something that it had started: one of <see cref="ExceededLimits"/>; null for none.</summary>
    public string? Exceeded { get; init; }

    /// <summary>The signal that ended it; null where it ended by itself.</summary>
    public int? Signal { get; init; }

    /// <summary>What was ended with it, at its time-out or on demand.</summary>
    public IReadOnlyList<KilledProcess>? Killed { get; init; }

    /// <summary>Bytes that it wrote, on all streams together.</summary>
    public long Offset { get; init; }
}

/// <summary>A process that was ended.</summary>
/// <param name="Pid">Its number.</param>
/// <param name="Name">Its name, as the kernel has it: at most 15 characters, chosen by the process.</param>
public sealed record KilledProcess(int Pid, string Name);
