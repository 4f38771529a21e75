using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace FlourishaSandbox.Sessions;

/// <summary>
/// Which process of which machine: enough to find out later, on that machine, whether it still runs. Numbers of processes are used again, so
/// the time of its start belongs to it; in a container they are others than outside, so the numbers' own space does too. Machines and spaces
/// are told as hashes: a label tells nobody anything but whether it is the same one.
/// </summary>
/// <param name="Machine">The machine, 12 hexadecimal digits.</param>
/// <param name="Boot">Its start, 12 hexadecimal digits.</param>
/// <param name="Space">The space of its processes' numbers, 12 hexadecimal digits.</param>
/// <param name="ProcessId">The number.</param>
/// <param name="StartTime">When it started, in a unit of the machine's own.</param>
internal sealed record ProcessIdentity(string Machine, string Boot, string Space, int ProcessId, long StartTime)
{
    private const int DigestLength = 12;
    private const int StartTimeField = 19;

    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(
        Digest(ReadFirst("/etc/machine-id", "/var/lib/dbus/machine-id") ?? Environment.MachineName),
        Digest(ReadFirst("/proc/sys/kernel/random/boot_id") ?? ""),
        Digest(ReadLink("/proc/self/ns/pid") ?? ""),
        Environment.ProcessId,
        ReadStartTime(Environment.ProcessId) ?? 0);

    /// <summary>Reads what <see cref="ToString"/> wrote; null for any other text.</summary>
    public static ProcessIdentity? Parse(string text)
    {
        var parts = text.Split('.');
        return parts.Length == 5
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            && long.TryParse(parts[4], NumberStyles.None, CultureInfo.InvariantCulture, out var start)
            ? new ProcessIdentity(parts[0], parts[1], parts[2], id, start)
            : null;
    }

    /// <summary>Whether the process has ended; null where that cannot be told from here: it is another machine's, or another container's.</summary>
    public bool? HasEnded()
    {
        if (Machine != Current.Machine)
            return null;

        // A machine that was started since has none of its old processes. Containers share the start.
        if (Boot != Current.Boot)
            return true;

        return Space != Current.Space ? null : ReadStartTime(ProcessId) != StartTime;
    }

    /// <summary>All of it as one word of digits, letters and points.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Machine}.{Boot}.{Space}.{ProcessId}.{StartTime}");

    private static string Digest(string text) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes("flourisha-process:" + text)))[..DigestLength].ToLowerInvariant();

    private static string? ReadFirst(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            try
            {
                if (File.Exists(path) && File.ReadAllText(path).Trim() is { Length: > 0 } text)
                    return text;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // the next one, or the machine's name
            }
        }

        return null;
    }

    private static string? ReadLink(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() ? new FileInfo(path).LinkTarget : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Null where there is no such process. What waits for its parent to ask how it ended has ended.
    private static long? ReadStartTime(int id)
    {
        try
        {
            if (!OperatingSystem.IsLinux())
            {
                using var process = Process.GetProcessById(id);
                return process.StartTime.ToUniversalTime().Ticks;
            }

            // "PID (NAME) STATE PPID …": a name may have brackets and spaces.
            var record = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{id}/stat"));
            var fields = record[(record.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[StartTimeField], CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException)
        {
            return null;
        }
    }
}
