using System.Globalization;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>
/// What the kernel accounts for a sandbox, by the files of either version of control groups, as a container sees them: its own group is
/// the root of what is mounted.
/// </summary>
/// <param name="root">Where they are mounted.</param>
internal sealed class ControlGroup(string root = "/sys/fs/cgroup")
{
    // Version 1 says "no limit" by a number that is as large as it gets, rounded down to pages.
    private const long NoLimit = long.MaxValue / 2;

    /// <summary>CPU time used, in microseconds; null where nobody tells.</summary>
    public long? CpuTime => Statistic("cpu.stat", "usage_usec") ?? Number("cpuacct/cpuacct.usage") / 1000;

    /// <summary>Cores that may be used; null for no limit.</summary>
    public double? CpuLimit
    {
        get
        {
            if (ReadText("cpu.max")?.Split(' ') is [var text, var of])
                return Ratio(Parse(text), Parse(of));

            return Ratio(Number("cpu/cpu.cfs_quota_us"), Number("cpu/cpu.cfs_period_us"));
        }
    }

    /// <summary>Memory that may be used, in bytes; null for no limit.</summary>
    public long? MemoryLimit => (Number("memory.max") ?? Number("memory/memory.limit_in_bytes")) is { } limit and < NoLimit ? limit : null;

    /// <summary>Memory used, the cache of files included, in bytes; null where nobody tells.</summary>
    public long? MemoryUsage => Number("memory.current") ?? Number("memory/memory.usage_in_bytes");

    /// <summary>The cache of files, in bytes. What is in memory only, such as <c>/dev/shm</c>, is none: it cannot be given back.</summary>
    public long MemoryCache
    {
        get
        {
            var (file, cached, shared) = File.Exists(Path.Combine(root, "memory.stat")) ? ("memory.stat", "file", "shmem") : ("memory/memory.stat", "total_cache", "total_shmem");
            return Math.Max(0, (Statistic(file, cached) ?? 0) - (Statistic(file, shared) ?? 0));
        }
    }

    /// <summary>How many processes the kernel ended because there was no memory; null where nobody tells.</summary>
    public long? MemoryKills => Statistic("memory.events", "oom_kill") ?? Statistic("memory/memory.oom_control", "oom_kill");

    /// <summary>Processes and threads that there are; null where nobody tells.</summary>
    public long? Processes => Number("pids.current") ?? Number("pids/pids.current");

    /// <summary>Processes and threads that there may be; null for no limit.</summary>
    public long? ProcessLimit => Number("pids.max") ?? Number("pids/pids.max");

    private static double? Ratio(long? quota, long? period) => quota > 0 && period > 0 ? (double)quota / period : null;

    private static long? Parse(string? text) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;

    private long? Number(string file) => Parse(ReadText(file));

    private long? Statistic(string file, string key)
    {
        foreach (var line in ReadText(file)?.Split('\n') ?? [])
        {
            if (line.Split(' ') is [var name, var value] && name == key)
                return Parse(value);
        }

        return null;
    }

    private string? ReadText(string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, file)).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The other version, or a kernel that does not account for this: then nobody tells.
            return null;
        }
    }
}
