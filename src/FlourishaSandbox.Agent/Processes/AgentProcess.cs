using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>A process that a client started, with all that descends from it, its input and its output. It outlives the client.</summary>
internal sealed class AgentProcess
{
    private static readonly TimeSpan s_defaultGrace = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(500);

    private const int KilledExitCode = 128 + LibC.Kill;

    private readonly Lock _lock = new();
    private readonly ProcessTable _table;
    private readonly ControlGroup _group;
    private readonly long? _memoryKills;
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _gone = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();
    private Timer? _timer;
    private Task? _ending;
    private TreeKiller? _killer;
    private ExitStatus? _status;
    private bool _isEnding;
    private EndCause _cause;
    private volatile bool _hasWrittenTooMuch;
    private volatile ProcessEndEvent? _end;

    /// <summary>Creates a process that is about to start.</summary>
    /// <param name="table">Where it will be.</param>
    /// <param name="request">What it is started from.</param>
    /// <param name="output">Its output.</param>
    /// <param name="group">Where the kernel tells what it ended for want of memory.</param>
    public AgentProcess(ProcessTable table, StartRequest request, ProcessOutput output, ControlGroup group)
    {
        _table = table;
        _group = group;
        _memoryKills = group.MemoryKills;
        Request = request;
        Output = output;
        output.Exceeded = () =>
        {
            // At once: it may have ended by itself, and what it wrote is being read only now.
            _hasWrittenTooMuch = true;
            _ = Task.Run(() => EndAsync(TimeSpan.Zero, EndCause.Output));
        };
    }

    /// <summary>What it was started from.</summary>
    public StartRequest Request { get; }

    /// <summary>What it writes.</summary>
    public ProcessOutput Output { get; }

    /// <summary>What it reads; null where it reads nothing.</summary>
    public InputPipe? Input { get; init; }

    /// <summary>Whether it has a terminal.</summary>
    public bool HasTerminal => Request.Pty is not null;

    /// <summary>How long it has between TERM and KILL when its time is over.</summary>
    public TimeSpan Grace => Request.Flourisha?.GraceMs is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : s_defaultGrace;

    /// <summary>Its number; 0 until it has started.</summary>
    public int Pid { get; private set; }

    /// <summary>The number of its supervisor, below which everything is that it started.</summary>
    public int SupervisorPid { get; set; }

    /// <summary>When it was started, by the sandbox's clock.</summary>
    public DateTimeOffset StartedAt { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How it ended; null while it runs, or what it wrote has not been read.</summary>
    public ProcessEndEvent? End => _end;

    /// <summary>The offset behind the last byte that it wrote before it ended. What comes after is its descendants'.</summary>
    public long EndOffset { get; private set; }

    /// <summary>Completed when it runs; failed with a <see cref="ConnectException"/> when it does not.</summary>
    public Task Started => _started.Task;

    /// <summary>Completed when <see cref="End"/> is there.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Completed when neither it nor a descendant is left.</summary>
    public Task Gone => _gone.Task;

    /// <summary>Whether its time was over before it had ended.</summary>
    public bool TimedOut
    {
        get
        {
            lock (_lock)
                return _cause == EndCause.Timeout;
        }
    }

    /// <summary>Has it ended after a time, if it still runs then.</summary>
    /// <param name="timeout">The time.</param>
    public void EndAfter(TimeSpan timeout)
    {
        lock (_lock)
        {
            if (_status is null)
                _timer = new Timer(_ => _ = EndAsync(Grace, EndCause.Timeout), null, timeout, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Asks it and all its descendants to end.</summary>
    public void Terminate() => CreateKiller().Terminate();

    /// <summary>Ends it and all its descendants: TERM, then KILL.</summary>
    /// <param name="grace">How long they have in between; what is under way is hurried on where this is zero.</param>
    /// <param name="cause">Why.</param>
    /// <returns>What was ended; completed when nothing is left, or some seconds later.</returns>
    public async Task<IReadOnlyList<KilledProcess>> EndAsync(TimeSpan grace, EndCause cause)
    {
        Task ending;
        lock (_lock)
        {
            // A time-out is the process's own: what it left behind may stay.
            if (cause == EndCause.Timeout && _status is not null)
                return [];

            if (!_isEnding)
            {
                _cause = _cause == EndCause.Asked ? cause : _cause;
                _isEnding = true;
                _killer = CreateKiller();
                _ending = RunKillerAsync(_killer, grace);
            }

            ending = _ending!;
        }

        if (grace == TimeSpan.Zero)
            await _hurry.CancelAsync();

        await ending;
        lock (_lock)
            return _killer!.Killed;
    }

    /// <summary>Its supervisor says that it runs. On the reactor's thread.</summary>
    /// <param name="pid">Its number.</param>
    public void OnStarted(int pid)
    {
        Pid = pid;
        StartedAt = DateTimeOffset.UtcNow;
        _table.Add(this);
        _started.TrySetResult();
    }

    /// <summary>It could not be started. On the reactor's thread.</summary>
    /// <param name="failure">Why.</param>
    public void OnFailed(ConnectException failure)
    {
        Input?.CloseLater();
        _started.TrySetException(failure);
    }

    /// <summary>Its supervisor says that it has ended. On the reactor's thread.</summary>
    /// <param name="status">How.</param>
    public void OnLeaderEnded(ExitStatus status)
    {
        lock (_lock)
        {
            _status = status;
            _timer?.Dispose();
        }

        EndedAt = DateTimeOffset.UtcNow;
        Input?.CloseLater();
        Output.Drain(() => Publish(error: null));
    }

    /// <summary>Its supervisor has ended: when nothing is left, or because somebody killed it. On the reactor's thread.</summary>
    public void OnSupervisorGone()
    {
        bool lost;
        lock (_lock)
            lost = _status is null && Pid != 0;

        if (lost)
        {
            _ = LoseSupervisorAsync();
            return;
        }

        if (Pid == 0)
            OnFailed(new ConnectException(ConnectCode.Unavailable, "the process was killed before it started"));

        _gone.TrySetResult();
    }

    private async Task LoseSupervisorAsync()
    {
        // Its children are the agent's now, and nothing tells which of the agent's children they are: all that have no supervisor go.
        await _table.KillAdoptedAsync();
        _table.Post(() =>
        {
            lock (_lock)
                _status = ExitStatus.Killed;

            EndedAt = DateTimeOffset.UtcNow;
            Input?.CloseLater();
            _gone.TrySetResult();
            Output.Drain(() => Publish("its supervisor was killed"));
        });
    }

    private TreeKiller CreateKiller() => new(snapshot => snapshot.DescendantsOf(SupervisorPid));

    private async Task RunKillerAsync(TreeKiller killer, TimeSpan grace)
    {
        // Whoever asked holds the lock.
        await Task.Yield();
        await killer.EndAsync(grace, Gone, _hurry.Token);
        bool hasEnded;
        lock (_lock)
        {
            _isEnding = false;
            hasEnded = _status is not null;
        }

        if (hasEnded)
        {
            // What was written until the last of them died belongs to the result. A client who does not read what he asked for can hold
            // it up, and with it the end that is told; but not the one who asked for the end.
            _table.Post(() => Output.Drain(() => Publish(error: null)));
            await Task.WhenAny(Ended, Task.Delay(s_patience));
        }
    }

    // The kernel counts what it ended for want of memory, and does not say what it was. A signal KILL that we did not send, its own or,
    // in the words of a shell, its child's, says it; and so does being the only one that ran.
    private string? FindExceeded(ExitStatus status) => _cause switch
    {
        _ when _hasWrittenTooMuch => ExceededLimits.Output,
        EndCause.Disk => ExceededLimits.Disk,
        EndCause.Timeout => null,
        _ => _group.MemoryKills > _memoryKills && ((_killer is null && status.ExitCode == KilledExitCode) || _table.RunsAlone(this)) ? ExceededLimits.Memory : null,
    };

    private void Publish(string? error)
    {
        lock (_lock)
        {
            // While the tree is being ended, the end that is told is the whole tree's.
            if (_end is not null || _status is not { } status || _isEnding)
                return;

            var written = Output.Measure().Written;
            EndOffset = written;
            var exceeded = FindExceeded(status);
            _end = new ProcessEndEvent
            {
                ExitCode = status.ExitCode,
                Exited = status.Signal is null,
                Status = status.ToString(),
                Error = error ?? (exceeded is null ? status.Status == 0 ? null : status.ToString() : $"{status}: {ExceededLimits.Describe(exceeded)}"),
                Flourisha = new ProcessEndDetails { TimedOut = _cause == EndCause.Timeout, Exceeded = exceeded, Signal = status.Signal, Killed = _killer?.Killed, Offset = written },
            };
        }

        _ended.TrySetResult();
        Output.Wake();
        _table.OnEnded(this);
    }
}
