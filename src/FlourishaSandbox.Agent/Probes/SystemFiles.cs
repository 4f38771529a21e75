using System.Globalization;
using FlourishaSandbox.Agent.Files.Interop;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>What the kernel tells about the machine and the network, below <c>/proc</c>.</summary>
internal static class SystemFiles
{
    // The kernel's clock ticks a hundred times a second for everybody who reads these files.
    private const long MicrosecondsPerTick = 10_000;

    /// <summary>CPU time used by everything, in microseconds.</summary>
    public static long CpuTime
    {
        get
        {
            // user, nice, system, idle, iowait, irq, softirq
            var fields = First("/proc/stat", "cpu ");
            return fields.Length < 7 ? 0 : (fields[0] + fields[1] + fields[2] + fields[5] + fields[6]) * MicrosecondsPerTick;
        }
    }

    /// <summary>Processors that this process may run on.</summary>
    public static int Processors
    {
        get
        {
            var count = 0;
            var list = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split(':')[1] ?? "";
            foreach (var range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                var ends = range.Split('-');
                count += Parse(ends[^1]) - Parse(ends[0]) is var more ? (int)more + 1 : 0;
            }

            return count > 0 ? count : Environment.ProcessorCount;
        }
    }

    /// <summary>The machine's memory: all, what is not free, and the cache of files; in bytes.</summary>
    public static (long Total, long Available, long Cache) Memory
    {
        get
        {
            long Kilobytes(string key) => First("/proc/meminfo", key) is [var value, ..] ? value << 10 : 0;
            return (Kilobytes("MemTotal:"), Kilobytes("MemAvailable:"), Math.Max(0, Kilobytes("Cached:") - Kilobytes("Shmem:")));
        }
    }

    /// <summary>Bytes received and sent, over all but the loopback.</summary>
    public static (long Received, long Sent) Network
    {
        get
        {
            long received = 0, sent = 0;
            foreach (var line in File.ReadLines("/proc/net/dev"))
            {
                if (line.Split(':') is not [var name, var values] || name.Trim() == "lo")
                    continue;

                var fields = Numbers(values);
                if (fields.Length > 8)
                    (received, sent) = (received + fields[0], sent + fields[8]);
            }

            return (received, sent);
        }
    }

    /// <summary>Processes that this one sees.</summary>
    public static int Processes => Directory.EnumerateDirectories("/proc").Count(path => char.IsAsciiDigit(path[^1]) && path.AsSpan(6).IndexOfAnyExceptInRange('0', '9') < 0);

    /// <summary>Threads of this process.</summary>
    public static int OwnThreads => First("/proc/self/status", "Threads:") is [var count, ..] ? (int)count : 0;

    /// <summary>How full the file system is that a folder is on.</summary>
    /// <returns>Bytes used, and its size; both 0 where it cannot be told.</returns>
    public static unsafe (long Used, long Total) Disk(string folder)
    {
        FileCalls.FileSystemStat stat;
        fixed (byte* path = PathBytes.From(folder))
        {
            return FileCalls.StatFileSystem(path, &stat) < 0
                ? (0, 0)
                : ((long)(stat.Blocks - stat.Free) * stat.BlockSize, (long)stat.Blocks * stat.BlockSize);
        }
    }

    private static long[] First(string file, string key)
    {
        var line = File.ReadLines(file).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal));
        return line is null ? [] : Numbers(line[key.Length..]);
    }

    private static long[] Numbers(string text) =>
        [.. text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).TakeWhile(field => char.IsAsciiDigit(field[0])).Select(Parse)];

    private static long Parse(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
