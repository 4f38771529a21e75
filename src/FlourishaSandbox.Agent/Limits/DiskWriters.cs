using System.Globalization;
using FlourishaSandbox.Agent.Processes;

namespace FlourishaSandbox.Agent.Limits;

/// <summary>
/// Which processes write to the disk, by what the kernel accounts for each. Who removes many files changes folders, which counts as writing
/// too; but he hands nothing to the kernel to be written, and so comes second. Not safe for several threads.
/// </summary>
internal sealed class DiskWriters
{
    // Less is a log.
    private const long Noticeable = 1 << 20;
    private const long NoticeableAtOnce = 256 << 10;

    // Who writes in a way that nobody sees, as one that does not let itself be looked at, is seen in the end by the disk that goes on filling.
    private const int MostUnseen = 3;

    private Dictionary<AgentProcess, Account> _accounts = [];
    private Dictionary<AgentProcess, Account> _looked = [];
    private Dictionary<AgentProcess, Account> _lookedBefore = [];
    private int _unseen;

    /// <summary>What processes stored since this was asked last, as far as they let themselves be looked at. Parts of it may be gone by now.</summary>
    /// <param name="processes">What runs.</param>
    /// <returns>Bytes.</returns>
    public long CountStored(IReadOnlyList<AgentProcess> processes)
    {
        _lookedBefore = _looked;
        _looked = Count(processes);
        return _looked.Sum(each => Math.Max(0, each.Value.Since(_lookedBefore.GetValueOrDefault(each.Key)).Stored));
    }

    /// <summary>Those that wrote a noticeable amount since they were started. Where none did, all but what came only now: who filled the disk may have ended.</summary>
    /// <param name="processes">What runs.</param>
    /// <returns>Them.</returns>
    public IReadOnlyList<AgentProcess> FindAll(IReadOnlyList<AgentProcess> processes)
    {
        _unseen = 0;
        _accounts = Count(processes);
        return Choose(_accounts, Noticeable) is { Count: > 0 } found ? found : [.. processes.Where(_lookedBefore.ContainsKey)];
    }

    /// <summary>Those that wrote since the last question, of a disk that has grown since.</summary>
    /// <param name="processes">What runs.</param>
    /// <returns>Them.</returns>
    public IReadOnlyList<AgentProcess> FindActive(IReadOnlyList<AgentProcess> processes)
    {
        var before = _accounts;
        _accounts = Count(processes);
        var since = _accounts.ToDictionary(each => each.Key, each => each.Value.Since(before.GetValueOrDefault(each.Key)));
        var found = Choose(since, NoticeableAtOnce);
        _unseen = found.Count > 0 ? 0 : _unseen + 1;
        return _unseen < MostUnseen ? found : processes;
    }

    private static List<AgentProcess> Choose(Dictionary<AgentProcess, Account> accounts, long noticeable)
    {
        List<AgentProcess> writers = [.. accounts.Where(each => each.Value.Stored >= noticeable).Select(each => each.Key)];
        List<AgentProcess> certain = [.. writers.Where(each => accounts[each].Handed >= noticeable)];
        return certain.Count > 0 ? certain : writers;
    }

    private static Dictionary<AgentProcess, Account> Count(IReadOnlyList<AgentProcess> processes)
    {
        var snapshot = ProcessSnapshot.Take();
        return processes.ToDictionary(process => process, process => snapshot.DescendantsOf(process.SupervisorPid).Aggregate(default(Account), (sum, entry) => sum.With(Read(entry.Pid))));
    }

    private static Account Read(int pid)
    {
        try
        {
            long handed = 0, stored = 0;
            foreach (var line in File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/io")))
            {
                if (line.Split(": ") is not [var name, var value] || !long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes))
                    continue;

                (handed, stored) = name switch { "wchar" => (bytes, stored), "write_bytes" => (handed, bytes), _ => (handed, stored) };
            }

            return new Account(handed, stored);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default; // it has ended, does not let itself be looked at, or is just being started
        }
    }

    /// <summary>What processes wrote, and those of their children that have ended.</summary>
    /// <param name="Handed">Bytes that they handed to the kernel: also to pipes.</param>
    /// <param name="Stored">Bytes that were to go to a disk: also of folders, and through memory.</param>
    private readonly record struct Account(long Handed, long Stored)
    {
        public Account With(Account other) => new(Handed + other.Handed, Stored + other.Stored);

        public Account Since(Account before) => new(Handed - before.Handed, Stored - before.Stored);
    }
}
