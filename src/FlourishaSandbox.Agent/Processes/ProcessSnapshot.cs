using System.Globalization;
using System.Text;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Processes;

/// <summary>All processes that /proc shows at one time, or rather within the fraction of a millisecond that reading takes.</summary>
internal sealed class ProcessSnapshot
{
    private const int LongestRecord = 1024;

    private readonly Dictionary<int, List<ProcessEntry>> _children = [];

    private ProcessSnapshot()
    {
    }

    /// <summary>Looks.</summary>
    /// <returns>What there is. Those that come and go meanwhile may be missing.</returns>
    public static ProcessSnapshot Take()
    {
        var snapshot = new ProcessSnapshot();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            var name = folder.AsSpan("/proc/".Length);
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } entry && !entry.IsDead)
                snapshot.Add(entry);
        }

        return snapshot;
    }

    /// <summary>The direct children of a process.</summary>
    /// <param name="pid">Its number.</param>
    /// <returns>Them, without the dead.</returns>
    public IReadOnlyList<ProcessEntry> ChildrenOf(int pid) => _children.TryGetValue(pid, out var children) ? children : [];

    /// <summary>All descendants of a process, children before their own children.</summary>
    /// <param name="pid">Its number.</param>
    /// <returns>Them, without itself.</returns>
    public IReadOnlyList<ProcessEntry> DescendantsOf(int pid)
    {
        var found = new List<ProcessEntry>(ChildrenOf(pid));

        // Numbers can be reused between two reads, so that a loop is possible in theory.
        var seen = found.Select(entry => entry.Pid).ToHashSet();
        for (var i = 0; i < found.Count; i++)
            found.AddRange(ChildrenOf(found[i].Pid).Where(entry => seen.Add(entry.Pid)));

        return found;
    }

    /// <summary>Reads one process's record.</summary>
    /// <param name="pid">Its number.</param>
    /// <returns>The record; null where there is no such process.</returns>
    public static unsafe ProcessEntry? Read(int pid)
    {
        var descriptor = LibC.Open(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat"), LibC.CloseOnExec);
        if (descriptor < 0)
            return null;

        var buffer = stackalloc byte[LongestRecord];
        var count = LibC.Read(descriptor, buffer, LongestRecord);
        LibC.Close(descriptor);
        return count > 0 ? Parse(pid, new ReadOnlySpan<byte>(buffer, (int)count)) : null;
    }

    private static ProcessEntry? Parse(int pid, ReadOnlySpan<byte> record)
    {
        // "PID (NAME) STATE PPID PGRP …": the process chooses its name, and brackets are allowed in it.
        int open = record.IndexOf((byte)'('), close = record.LastIndexOf((byte)')');
        if (open < 0 || close < open)
            return null;

        var fields = Encoding.ASCII.GetString(record[(close + 2)..]).Split(' ');
        return new ProcessEntry(pid, Encoding.UTF8.GetString(record[(open + 1)..close]), fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture), fields[19]);
    }

    private void Add(ProcessEntry entry)
    {
        if (!_children.TryGetValue(entry.ParentPid, out var children))
            _children.Add(entry.ParentPid, children = []);

        children.Add(entry);
    }
}
