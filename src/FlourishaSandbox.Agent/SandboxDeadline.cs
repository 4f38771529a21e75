using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent;

/// <summary>When the sandbox ends by itself. Counted by a clock that nobody can set, and that goes on while a machine sleeps.</summary>
internal sealed class SandboxDeadline
{
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const long HoldMs = 10_000;
    private const long LongestMs = 100L * 365 * 24 * 3600 * 1000;

    private readonly Lock _lock = new();
    private readonly int _timer;
    private long? _at;
    private bool _isHeld;

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
            if (HasTicked() && !IsHeldOff())
                passed();
        });
    }

    /// <summary>Whether it has passed.</summary>
    public bool HasPassed
    {
        get
        {
            lock (_lock)
                return _at <= Now();
        }
    }

    /// <summary>Sets it.</summary>
    /// <param name="milliseconds">From now; null for no end.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: less than 1, or more than a hundred years.</exception>
    public void Set(long? milliseconds)
    {
        Check(milliseconds);
        lock (_lock)
        {
            _isHeld = false;
            SetWithin(milliseconds);
        }
    }

    /// <summary>
    /// Puts a deadline off that passes while the sandbox cannot run: 10 s from when it runs again, so that who lets it go on can set
    /// another one. Without that it would end before it could be asked.
    /// </summary>
    public void Hold()
    {
        lock (_lock)
            _isHeld = true;
    }

    /// <summary>Goes on after a suspension: with the deadline that is asked for, else with the one there is, else, where it has passed, with a new one.</summary>
    /// <param name="request">What is asked for.</param>
    /// <exception cref="ConnectException">As for <see cref="Set"/>.</exception>
    public void Resume(ResumeRequest request)
    {
        if (request.TimeoutMs is { } timeout)
        {
            Set(timeout);
            return;
        }

        if (request.LifetimeMs is { } lifetime)
            Check(lifetime);

        lock (_lock)
        {
            _isHeld = false;
            if (request.Unlimited == true)
                SetWithin(null);
            else if (_at <= Now())
                SetWithin(request.LifetimeMs);
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

    /// <summary>Refuses what is no deadline.</summary>
    /// <param name="milliseconds">From now; null for no end.</param>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: less than 1, or more than a hundred years.</exception>
    public static void Check(long? milliseconds)
    {
        if (milliseconds is < 1 or > LongestMs)
            throw new ConnectException(ConnectCode.InvalidArgument, $"timeoutMs is from 1 to {LongestMs}, or left out");
    }

    private void SetWithin(long? milliseconds)
    {
        _at = milliseconds is { } span ? Now() + span : null;
        Arm(milliseconds ?? 0);
    }

    // Once, so that a sandbox which nobody resumes in the right way ends too.
    private bool IsHeldOff()
    {
        lock (_lock)
        {
            if (!_isHeld)
                return false;

            _isHeld = false;
            Arm(HoldMs);
            return true;
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
