using System.Globalization;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>The processes that clients started: those that run, and as many of those that ended as there is room for.</summary>
/// <param name="reactor">Whose thread changes them.</param>
internal sealed class ProcessTable(Reactor reactor)
{
    private const int MaximumProcesses = 1000;
    private const int MaximumEnded = 64;
    private const long MaximumEndedBytes = 16 << 20;

    private readonly Lock _lock = new();
    private readonly List<AgentProcess> _processes = [];
    private readonly Dictionary<int, AgentProcess> _supervisors = [];
    private bool _isClosed;
    private bool _isSuspended;

    /// <summary>Whether nothing is started until it is resumed.</summary>
    public bool IsSuspended
    {
        get
        {
            lock (_lock)
                return _isSuspended;
        }
    }

    /// <summary>Whether nothing is started any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
                return _isClosed;
        }
    }

    /// <summary>Has something done on the reactor's thread.</summary>
    /// <param name="action">What to do.</param>
    public void Post(Action action) => reactor.Post(action);

    /// <summary>Why the agent ends, and everything with it; null while it does not.</summary>
    public string? Farewell { get; private set; }

    /// <summary>Starts nothing any more.</summary>
    /// <param name="farewell">Why the agent ends, for clients whose processes end with it.</param>
    public void Close(string farewell)
    {
        lock (_lock)
        {
            Farewell = farewell;
            _isClosed = true;
        }
    }

    /// <summary>Starts nothing for the time being.</summary>
    public void Suspend()
    {
        lock (_lock)
            _isSuspended = true;
    }

    /// <summary>Does something that must not happen any more once processes are let go on, or the sandbox ends.</summary>
    /// <param name="action">Does it, soon: nothing is started meanwhile.</param>
    /// <returns>False where it is too late.</returns>
    public bool TryWhileSuspended(Action action)
    {
        lock (_lock)
        {
            if (_isClosed || !_isSuspended)
                return false;

            action();
            return true;
        }
    }

    /// <summary>Starts processes again.</summary>
    public void Resume()
    {
        lock (_lock)
            _isSuspended = false;
    }

    /// <summary>Starts a supervisor, and remembers it before anybody can hear of its end.</summary>
    /// <param name="process">The process that it is for.</param>
    /// <param name="spawn">What starts it and says its number.</param>
    /// <exception cref="ConnectException">There are too many, or the agent ends.</exception>
    public void Spawn(AgentProcess process, Func<int> spawn)
    {
        lock (_lock)
        {
            if (_isClosed)
                throw new ConnectException(ConnectCode.Unavailable, "the sandbox ends");

            if (_isSuspended)
                throw new ConnectException(ConnectCode.Unavailable, EnvdProtocol.SuspendedMessage);

            if (_supervisors.Count >= MaximumProcesses)
                throw new ConnectException(ConnectCode.ResourceExhausted, $"{MaximumProcesses} processes run already");

            process.SupervisorPid = spawn();
            _supervisors.Add(process.SupervisorPid, process);
        }
    }

    /// <summary>Adds a process that runs.</summary>
    /// <param name="process">The process.</param>
    public void Add(AgentProcess process)
    {
        lock (_lock)
            _processes.Add(process);
    }

    /// <summary>All processes, oldest first.</summary>
    /// <returns>A copy.</returns>
    public IReadOnlyList<AgentProcess> List()
    {
        lock (_lock)
            return [.. _processes];
    }

    /// <summary>How many supervisors there are, each of a process that runs or left something behind.</summary>
    public int SupervisorCount
    {
        get
        {
            lock (_lock)
                return _supervisors.Count;
        }
    }

    /// <summary>Whether something runs that a client started, or that it left behind.</summary>
    public bool HasRunning => SupervisorCount > 0;

    /// <summary>All processes that run or left something behind, also those that no client can come back to.</summary>
    /// <returns>A copy.</returns>
    public IReadOnlyList<AgentProcess> ListAll()
    {
        lock (_lock)
            return [.. _supervisors.Values];
    }

    /// <summary>Whether no other process runs.</summary>
    /// <param name="process">The process.</param>
    public bool RunsAlone(AgentProcess process)
    {
        lock (_lock)
            return _supervisors.Values.All(other => other == process);
    }

    /// <summary>Finds a process. Numbers and words can be used again: what runs comes first, then what ended last.</summary>
    /// <param name="selector">Which.</param>
    /// <returns>The process.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.NotFound"/>: there is none. <see cref="ConnectCode.InvalidArgument"/>: none is named, or two are.</exception>
    public AgentProcess Find(ProcessSelector? selector)
    {
        if (selector is null || selector.Pid is null == selector.Tag is null)
            throw new ConnectException(ConnectCode.InvalidArgument, "a process is named either by its number or by its tag");

        AgentProcess? found = null;
        lock (_lock)
        {
            foreach (var process in _processes)
            {
                var fits = selector.Pid is { } pid ? process.Pid == pid : process.Request.Tag == selector.Tag;
                if (fits && (found is null || found.End is not null || process.End is null))
                    found = process;
            }
        }

        return found ?? throw new ConnectException(
            ConnectCode.NotFound,
            selector.Pid is { } number ? string.Create(CultureInfo.InvariantCulture, $"there is no process {number}") : $"there is no process with the tag '{selector.Tag}'");
    }

    /// <summary>Finds a process that has not ended.</summary>
    /// <param name="selector">Which.</param>
    /// <returns>The process.</returns>
    /// <exception cref="ConnectException">As <see cref="Find"/>; and <see cref="ConnectCode.NotFound"/> where it has ended.</exception>
    public AgentProcess FindRunning(ProcessSelector? selector) => Find(selector) is { End: null } process
        ? process
        : throw new ConnectException(ConnectCode.NotFound, "the process has ended");

    /// <summary>Makes room for the output of a process that has ended.</summary>
    /// <param name="process">The process.</param>
    public void OnEnded(AgentProcess process)
    {
        var dropped = new List<AgentProcess>();
        lock (_lock)
        {
            var ended = _processes.Where(candidate => candidate.End is not null).ToList();
            var bytes = ended.Sum(candidate => (long)candidate.Output.Measure().Capacity);
            for (var i = 0; i < ended.Count && ended[i] != process && (ended.Count - i > MaximumEnded || bytes > MaximumEndedBytes); i++)
            {
                bytes -= ended[i].Output.Measure().Capacity;
                dropped.Add(ended[i]);
            }
        }

        dropped.ForEach(Forget);
    }

    /// <summary>Keeps a process and its output no longer.</summary>
    /// <param name="process">The process. What still runs of it runs on.</param>
    public void Forget(AgentProcess process)
    {
        lock (_lock)
            _processes.Remove(process);

        process.Output.Discard();
    }

    /// <summary>Asks for the status of all children that have ended, so that the kernel can forget them. On the reactor's thread.</summary>
    public unsafe void Reap()
    {
        const int DoNotWait = 1;
        int pid, status;
        while ((pid = LibC.WaitForChild(-1, &status, DoNotWait)) > 0)
        {
            bool isSupervisor;
            lock (_lock)
                isSupervisor = _supervisors.Remove(pid);

            // Somebody killed it. What was below it is the agent's now, and must not stay.
            if (isSupervisor && new ExitStatus(status).Signal is not null)
                _ = KillAdoptedAsync();
        }
    }

    /// <summary>Kills what is below the agent and below no supervisor. Only what lost its supervisor comes to that.</summary>
    /// <returns>Killing.</returns>
    public Task KillAdoptedAsync() => new TreeKiller(FindAdopted).EndAsync(TimeSpan.Zero, gone: null, CancellationToken.None);

    /// <summary>Ends all processes.</summary>
    /// <param name="grace">How long they have between TERM and KILL.</param>
    /// <returns>Ending.</returns>
    public Task EndAllAsync(TimeSpan grace)
    {
        // A supervisor that is frozen could not reap what ends below it.
        lock (_lock)
        {
            foreach (var supervisor in _supervisors.Keys)
                LibC.SendSignal(supervisor, LibC.Continue);
        }

        return new TreeKiller(FindAll).EndAsync(grace, gone: null, CancellationToken.None);
    }

    private List<ProcessEntry> FindAdopted(ProcessSnapshot snapshot) => FindBelowAgent(snapshot, isSupervised: false);

    private List<ProcessEntry> FindAll(ProcessSnapshot snapshot)
        => [.. FindBelowAgent(snapshot, isSupervised: false), .. FindBelowAgent(snapshot, isSupervised: true)];

    private List<ProcessEntry> FindBelowAgent(ProcessSnapshot snapshot, bool isSupervised)
    {
        var found = new List<ProcessEntry>();
        foreach (var child in snapshot.ChildrenOf(LibC.GetProcessId()))
        {
            // Looked up after the snapshot was taken: a supervisor is known as soon as it can be seen.
            bool known;
            lock (_lock)
                known = _supervisors.ContainsKey(child.Pid);

            if (known != isSupervised)
                continue;

            if (!known)
                found.Add(child);

            found.AddRange(snapshot.DescendantsOf(child.Pid));
        }

        return found;
    }
}
