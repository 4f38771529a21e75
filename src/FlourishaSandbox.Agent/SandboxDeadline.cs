using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent;

/// <summary>When the sandbox ends by itself. Counted by a clock that nobody can set, and that goes on while a machine sleeps.</summary>
internal sealed class SandboxDeadline
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long LongestMs = 100L * 365 * 24 * 3600 * 1000;

    private readonly Lock _lock = new();
    private readonly int _timer;
    private long? _at;

    /// <summary>Creates a deadline that is not set.</summary>
    /// <param name="reactor">Who waits for it.</param>
    /// <param name="passed">What to call, on the reactor's thread.</param>
    public SandboxDeadline(Reactor reactor, Action passed)
    {
        _timer = LibC.CreateTimer(LibC.BootTimeClock, LibC.CloseOnExec | LibC.NonBlocking);
        if (_timer < 0)
            throw Errno.ToException(Errno.Last, "a timer could not be made");

        reactor.Add(_timer, EpollEvents.In, _ =>
        {
            if (HasTicked())
                passed();
        });
    }

    /// <summary>Sets it.</summary>
    /// <param name="milliseconds">From now; null for no end.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: less than 1, or more than a hundred years.</exception>
    public void Set(long? milliseconds)
    {
        if (milliseconds is < 1 or > LongestMs)
            throw new ConnectException(ConnectCode.InvalidArgument, $"timeoutMs is from 1 to {LongestMs}, or left out");

        lock (_lock)
        {
            _at = milliseconds is { } span ? Now() + span : null;
            Arm(milliseconds ?? 0);
        }
    }

    /// <summary>When it is.</summary>
    /// <returns>What is left, never less than nothing.</returns>
    public Deadline Get()
    {
        lock (_lock)
        {
            if (_at is not { } at)
                return new Deadline(null, null);

            var remaining = Math.Max(0, at - Now());
            return new Deadline(remaining, DateTimeOffset.UtcNow.AddMilliseconds(remaining));
        }
    }

    private static unsafe long Now()
    {
        LibC.TimeSpecification time;
        LibC.GetTime(LibC.BootTimeClock, &time);
        return (time.Seconds * 1000) + (time.Nanoseconds / NanosecondsPerMillisecond);
    }

    // Setting it anew while it ticks takes the tick back.
    private unsafe bool HasTicked()
    {
        long ticks;
        return LibC.Read(_timer, (byte*)&ticks, sizeof(long)) == sizeof(long);
    }

    private unsafe void Arm(long milliseconds)
    {
        var setting = new LibC.TimerSetting
        {
            Value = new LibC.TimeSpecification { Seconds = milliseconds / 1000, Nanoseconds = milliseconds % 1000 * NanosecondsPerMillisecond },
        };
        if (LibC.SetTimer(_timer, 0, &setting, null) < 0)
            throw Errno.ToException(Errno.Last, "the deadline could not be set");
    }
}
