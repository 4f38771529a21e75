using System.Text.Json.Serialization;

namespace FlourishaSandbox.Envd.Process;

/// <summary>Asks for the processes that clients started.</summary>
public sealed record ListRequest
{
    /// <summary>More than E2B's protocol says.</summary>
    public ListOptions? Flourisha { get; init; }
}

/// <summary>More about what is to be listed.</summary>
/// <param name="All">Whether those that have ended, and whose output is still kept, are listed too.</param>
public sealed record ListOptions(bool All);

/// <summary>The processes that clients started.</summary>
/// <param name="Processes">Oldest first.</param>
public sealed record ListResponse(IReadOnlyList<ProcessInfo>? Processes = null);

/// <summary>A process that a client started.</summary>
public sealed record ProcessInfo
{
    /// <summary>What it was started from.</summary>
    public ProcessConfig? Config { get; init; }

    /// <summary>Its number in the sandbox.</summary>
    public int Pid { get; init; }

    /// <summary>The word that its starter gave it.</summary>
    public string? Tag { get; init; }

    /// <summary>More than E2B's protocol says.</summary>
    public ProcessDetails? Flourisha { get; init; }
}

/// <summary>More about a process.</summary>
public sealed record ProcessDetails
{
    /// <summary>When it was started, by the sandbox's clock.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null while it runs.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    public ProcessEndEvent? End { get; init; }

    /// <summary>Whether it has a terminal.</summary>
    public bool Pty { get; init; }

    /// <summary>How many of its tree run, the first process included.</summary>
    public int Running { get; init; }

    /// <summary>Bytes that it wrote so far, on all streams together.</summary>
    public long Offset { get; init; }

    /// <summary>The offset of the oldest byte that is still kept.</summary>
    public long Kept { get; init; }
}

/// <summary>Starts a process and streams its events.</summary>
public sealed record StartRequest
{
    /// <summary>What to start.</summary>
    public ProcessConfig? Process { get; init; }

    /// <summary>A terminal for it; null for pipes.</summary>
    public Pty? Pty { get; init; }

    /// <summary>A word to find it by.</summary>
    public string? Tag { get; init; }

    /// <summary>Whether it gets an input to which one can write; true where nothing is said, as E2B has it.</summary>
    public bool? Stdin { get; init; }

    /// <summary>More than E2B's protocol says.</summary>
    public StartOptions? Flourisha { get; init; }
}

/// <summary>More about a start.</summary>
public sealed record StartOptions
{
    /// <summary>Bytes of output to keep; 4 MiB where nothing is said.</summary>
    public int? OutputLimit { get; init; }

    /// <summary>Whether it is ended, with all its descendants, when the stream that started it breaks off, and forgotten when its end was told.</summary>
    public bool EndWithStream { get; init; }

    /// <summary>How long it has between TERM and KILL when its time is over, in milliseconds; 500 where nothing is said.</summary>
    public int? GraceMs { get; init; }
}

/// <summary>Streams a process's events from some point on.</summary>
public sealed record ConnectRequest
{
    /// <summary>Which process.</summary>
    public ProcessSelector? Process { get; init; }

    /// <summary>More than E2B's protocol says.</summary>
    public ConnectOptions? Flourisha { get; init; }
}

/// <summary>More about a connection to a process.</summary>
public sealed record ConnectOptions
{
    /// <summary>Bytes of output, on all streams together, that the caller has already; 0 where nothing is said, that is: everything that is kept.</summary>
    public long Offset { get; init; }

    /// <summary>Whether to end the stream after what there is, instead of following until the process ends. The end event comes only if it has ended.</summary>
    public bool NoFollow { get; init; }
}

/// <summary>Changes a process's terminal.</summary>
/// <param name="Process">Which process.</param>
/// <param name="Pty">The terminal's new size.</param>
public sealed record UpdateRequest(ProcessSelector? Process = null, Pty? Pty = null);

/// <summary>Input: to one of the two.</summary>
public sealed record ProcessInput
{
    /// <summary>For standard input.</summary>
    public byte[]? Stdin { get; init; }

    /// <summary>For the terminal.</summary>
    public byte[]? Pty { get; init; }
}

/// <summary>Writes to a process's input; answered when it was taken.</summary>
/// <param name="Process">Which process.</param>
/// <param name="Input">What to write.</param>
public sealed record SendInputRequest(ProcessSelector? Process = null, ProcessInput? Input = null);

/// <summary>Each message of a stream of input: one of the three. The first says which process.</summary>
public sealed record StreamInputRequest
{
    /// <summary>The first message.</summary>
    public StreamInputStart? Start { get; init; }

    /// <summary>Every later one.</summary>
    public StreamInputData? Data { get; init; }

    /// <summary>Nothing, but the stream lives.</summary>
    public KeepAliveEvent? Keepalive { get; init; }
}

/// <summary>Says where a stream of input goes.</summary>
/// <param name="Process">Which process.</param>
public sealed record StreamInputStart(ProcessSelector? Process = null);

/// <summary>A piece of input.</summary>
/// <param name="Input">What to write.</param>
public sealed record StreamInputData(ProcessInput? Input = null);

/// <summary>The signals that can be sent.</summary>
[JsonConverter(typeof(SignalConverter))]
public enum Signal
{
    /// <summary>None was named.</summary>
    Unspecified = 0,

    /// <summary>Ends the process with all its descendants at once.</summary>
    Sigkill = 9,

    /// <summary>Asks the process and all its descendants to end.</summary>
    Sigterm = 15,
}

/// <summary>Writes <see cref="Signal"/>s.</summary>
public sealed class SignalConverter() : ProtoEnumConverter<Signal>("SIGNAL_");

/// <summary>Sends a signal.</summary>
/// <param name="Process">Which process.</param>
/// <param name="Signal">Which signal.</param>
public sealed record SendSignalRequest(ProcessSelector? Process = null, Signal Signal = Signal.Unspecified);

/// <summary>Closes a process's standard input.</summary>
/// <param name="Process">Which process.</param>
public sealed record CloseStdinRequest(ProcessSelector? Process = null);

/// <summary>Ends a process with all its descendants: TERM, then KILL.</summary>
/// <param name="Process">Which process.</param>
/// <param name="GraceMs">Milliseconds between TERM and KILL; 0 for KILL at once.</param>
public sealed record StopRequest(ProcessSelector? Process = null, int GraceMs = 0);

/// <summary>What was ended.</summary>
/// <param name="Killed">The processes, as they were found.</param>
/// <param name="End">How the first process ended.</param>
public sealed record StopResponse(IReadOnlyList<KilledProcess>? Killed = null, ProcessEndEvent? End = null);
