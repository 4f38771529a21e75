using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Agent.Processes;

namespace FlourishaSandbox.Agent;

/// <summary>
/// Freezes everything in the sandbox but the agent, by SIGSTOP, which nobody can ignore. The engine's own way would need somebody outside
/// who asks for it at the right moment; this one works with nobody there. What runs as another user is out of the agent's reach.
/// </summary>
/// <param name="table">Starts nothing while all is frozen.</param>
internal sealed class SandboxFreezer(ProcessTable table)
{
    private const int LongestPauseMs = 50;
    private const int InitProcess = 1;

    // What sleeps in the kernel stops when it wakes, and nobody need wait for that.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _one = new(1);
    private HashSet<(int Pid, string StartTime)> _stoppedBefore = [];

    /// <summary>Whether all is frozen.</summary>
    public bool IsFrozen => table.IsSuspended;

    /// <summary>Freezes.</summary>
    /// <param name="isOver">Whether it is still to be done when its turn has come: a resume may be under way.</param>
    /// <returns>Freezing.</returns>
    public async Task FreezeAsync(Func<bool> isOver)
    {
        await _one.WaitAsync();
        try
        {
            if (table.IsSuspended || !isOver())
                return;

            // From here on nothing is started, and what was being started can be seen.
            table.Suspend();
            _stoppedBefore = [.. Others().Where(IsStopped).Select(entry => (entry.Pid, entry.StartTime))];
            var start = Environment.TickCount64;
            for (var pause = 1; Environment.TickCount64 - start < s_patience.TotalMilliseconds; pause = Math.Min(pause * 2, LongestPauseMs))
            {
                // The sandbox may be asked to end meanwhile, for which its processes have to run.
                if (!table.TryWhileSuspended(Stop))
                    return;

                await Task.Delay(pause);

                // A single look can miss what is being forked just now; two in a row do not.
                if (Others().TrueForAll(IsStopped) && Others().TrueForAll(IsStopped))
                    return;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Lets everything go on that ran before it was frozen.</summary>
    /// <returns>Thawing.</returns>
    public async Task ThawAsync()
    {
        await _one.WaitAsync();
        try
        {
            if (!table.IsSuspended)
                return;

            foreach (var entry in Others().Where(entry => !_stoppedBefore.Contains((entry.Pid, entry.StartTime))))
                LibC.SendSignal(entry.Pid, LibC.Continue);

            table.Resume();
        }
        finally
        {
            _one.Release();
        }
    }

    // As process 1 the agent is alone with what it may freeze, and one call reaches all of it, however it forks. Elsewhere "all" would be
    // the whole machine.
    private static void Stop()
    {
        if (LibC.GetProcessId() != InitProcess)
        {
            foreach (var entry in Others())
                LibC.SendSignal(entry.Pid, LibC.Stop);

            return;
        }

        LibC.SendSignal(-1, LibC.Stop);
        var snapshot = ProcessSnapshot.Take();
        foreach (var relay in snapshot.ChildrenOf(0).Where(entry => IsRelay(entry, snapshot)))
            LibC.SendSignal(relay.Pid, LibC.Continue);
    }

    private static List<ProcessEntry> Others()
    {
        var snapshot = ProcessSnapshot.Take();
        var self = LibC.GetProcessId();

        // What the engine starts in a container has no parent in there; what is another user's cannot be reached.
        return self != InitProcess
            ? [.. snapshot.DescendantsOf(self)]
            : [.. snapshot.DescendantsOf(0).Where(entry => entry.Pid != self && !IsRelay(entry, snapshot) && LibC.SendSignal(entry.Pid, 0) == 0)];
    }

    // The same program, started by the engine: a way to the agent, which must stay open. Nothing that was started from inside looks like this.
    private static bool IsRelay(ProcessEntry entry, ProcessSnapshot snapshot) =>
        entry.ParentPid == 0 && entry.Pid != InitProcess && entry.Name == snapshot.ChildrenOf(0).First(other => other.Pid == InitProcess).Name;

    // T, or t where somebody traces it.
    private static bool IsStopped(ProcessEntry entry) => entry.State is 'T' or 't';
}
