using System.Globalization;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>How a process ended, from what the kernel says about it.</summary>
/// <param name="Status">The number that waitpid gives.</param>
internal readonly record struct ExitStatus(int Status)
{
    private const int SignalMask = 0x7F;
    private const int CoreDumped = 0x80;
    private const int SignalBase = 128;

    // In E2B's words.
    private static readonly string[] s_signals =
    [
        "", "hangup", "interrupt", "quit", "illegal instruction", "trace/breakpoint trap", "aborted", "bus error", "floating point exception", "killed",
        "user defined signal 1", "segmentation fault", "user defined signal 2", "broken pipe", "alarm clock", "terminated",
    ];

    /// <summary>The status of a process that was killed, where nobody could ask for it.</summary>
    public static ExitStatus Killed { get; } = new(Native.LibC.Kill);

    /// <summary>The signal that ended it; null where it ended by itself.</summary>
    public int? Signal => (Status & SignalMask) == 0 ? null : Status & SignalMask;

    /// <summary>Its exit code; 128 and the signal's number where a signal ended it.</summary>
    public int ExitCode => Signal is { } signal ? SignalBase + signal : (Status >> 8) & 0xFF;

    /// <summary>In words: <c>exit status 1</c>, <c>signal: killed</c>.</summary>
    /// <returns>The words.</returns>
    public override string ToString()
    {
        if (Signal is not { } signal)
            return string.Create(CultureInfo.InvariantCulture, $"exit status {ExitCode}");

        var name = signal < s_signals.Length ? s_signals[signal] : string.Create(CultureInfo.InvariantCulture, $"signal {signal}");
        return (Status & CoreDumped) != 0 ? $"signal: {name} (core dumped)" : $"signal: {name}";
    }
}
