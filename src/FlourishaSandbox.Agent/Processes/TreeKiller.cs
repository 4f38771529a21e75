using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>Ends a set of processes that may grow while it is being ended: first asks, then kills until nothing is left.</summary>
/// <param name="find">Finds what is to be ended.</param>
internal sealed class TreeKiller(Func<ProcessSnapshot, IReadOnlyList<ProcessEntry>> find)
{
    private const int LongestPauseMs = 50;

    // What sleeps in the kernel, on a dead network mount perhaps, cannot be killed; nobody is to wait for it forever.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Dictionary<(int Pid, string StartTime), KilledProcess> _killed = [];

    /// <summary>What was ended, as it was found.</summary>
    public IReadOnlyList<KilledProcess> Killed => [.. _killed.Values];

    /// <summary>Asks everything to end.</summary>
    public void Terminate()
    {
        foreach (var entry in Find())
        {
            LibC.SendSignal(entry.Pid, LibC.Terminate);

            // What is stopped would not hear it.
            LibC.SendSignal(entry.Pid, LibC.Continue);
        }
    }

    /// <summary>Asks, waits, and kills what is left.</summary>
    /// <param name="grace">How long to wait.</param>
    /// <param name="gone">Is completed when nothing is left; null where nobody tells, so that one has to look.</param>
    /// <param name="hurry">Ends the waiting.</param>
    /// <returns>Ending. Completed when nothing is left, or 2 s after the first kill.</returns>
    public async Task EndAsync(TimeSpan grace, Task? gone, CancellationToken hurry)
    {
        if (grace > TimeSpan.Zero)
        {
            Terminate();
            for (var start = Environment.TickCount64; Environment.TickCount64 - start < grace.TotalMilliseconds && !hurry.IsCancellationRequested;)
            {
                var left = (int)(grace.TotalMilliseconds - (Environment.TickCount64 - start));
                if (await WaitAsync(gone, Math.Clamp(left, 1, LongestPauseMs), hurry))
                    return;
            }
        }

        await KillAsync(gone);
    }

    private async Task KillAsync(Task? gone)
    {
        var start = Environment.TickCount64;
        for (var pause = 1; gone?.IsCompleted != true && Environment.TickCount64 - start < s_patience.TotalMilliseconds;)
        {
            var before = _killed.Count;
            foreach (var entry in Find())
                LibC.SendSignal(entry.Pid, LibC.Kill);

            // As long as there are new ones each time, somebody forks, and the faster one wins.
            pause = _killed.Count > before ? 1 : Math.Min(pause * 2, LongestPauseMs);
            if (await WaitAsync(gone, pause, CancellationToken.None))
                return;
        }
    }

    /// <summary>Waits a little, and says whether nothing is left.</summary>
    private async Task<bool> WaitAsync(Task? gone, int milliseconds, CancellationToken hurry)
    {
        var pause = Task.Delay(milliseconds, hurry);
        await Task.WhenAny(gone ?? pause, pause);

        // A single look can miss what is being forked just now; two in a row do not.
        return gone?.IsCompleted ?? (find(ProcessSnapshot.Take()).Count == 0 && find(ProcessSnapshot.Take()).Count == 0);
    }

    private IReadOnlyList<ProcessEntry> Find()
    {
        var found = find(ProcessSnapshot.Take());
        foreach (var entry in found)
            _killed.TryAdd((entry.Pid, entry.StartTime), new KilledProcess(entry.Pid, entry.Name));

        return found;
    }
}
