using System.Globalization;
using FlourishaSandbox.Agent.Processes;

namespace FlourishaSandbox.Agent.Limits;

/// <summary>Which processes write to the disk, by what the kernel accounts for each. Not safe for several threads.</summary>
internal sealed class DiskWriters
{
    // Less is a log, or the folders that change when something is removed.
    private const long Noticeable = 1 << 20;
    private const long NoticeableAtOnce = 256 << 10;

    private Dictionary<AgentProcess, long> _written = [];

    /// <summary>Those that wrote a noticeable amount since they were started; all where none did, for then it was written in a way that nobody sees.</summary>
    /// <param name="processes">What runs.</param>
    /// <returns>Them.</returns>
    public IReadOnlyList<AgentProcess> FindAll(IReadOnlyList<AgentProcess> processes)
    {
        _written = Count(processes);
        List<AgentProcess> found = [.. _written.Where(each => each.Value >= Noticeable).Select(each => each.Key)];
        return found.Count > 0 ? found : processes;
    }

    /// <summary>Those that wrote since the last question.</summary>
    /// <param name="processes">What runs.</param>
    /// <returns>Them.</returns>
    public IReadOnlyList<AgentProcess> FindActive(IReadOnlyList<AgentProcess> processes)
    {
        var before = _written;
        _written = Count(processes);
        return [.. _written.Where(each => each.Value - before.GetValueOrDefault(each.Key) >= NoticeableAtOnce).Select(each => each.Key)];
    }

    private static Dictionary<AgentProcess, long> Count(IReadOnlyList<AgentProcess> processes)
    {
        var snapshot = ProcessSnapshot.Take();
        return processes.ToDictionary(process => process, process => snapshot.DescendantsOf(process.SupervisorPid).Sum(entry => Written(entry.Pid)));
    }

    /// <summary>What a process, and those of its children that have ended, had written to a disk.</summary>
    private static long Written(int pid)
    {
        try
        {
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/io")))
            {
                if (line.StartsWith("write_bytes:", StringComparison.Ordinal))
                    return long.Parse(line.AsSpan("write_bytes:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
            }

            return 0;
        }
        catch (UnauthorizedAccessException)
        {
            return Noticeable; // it does not let itself be looked at: nobody can say that it did not write
        }
        catch (IOException)
        {
            return 0; // it has ended
        }
    }
}
