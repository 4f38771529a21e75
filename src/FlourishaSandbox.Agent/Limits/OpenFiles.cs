using System.Globalization;
using FlourishaSandbox.Agent.Files;
using FlourishaSandbox.Agent.Files.Interop;

namespace FlourishaSandbox.Agent.Limits;

/// <summary>Files that processes hold open.</summary>
internal static unsafe class OpenFiles
{
    /// <summary>Files that were removed and are still open, each once: their space is in use until they are closed.</summary>
    /// <param name="device">The file system.</param>
    /// <returns>What they are. Those of processes that may not be looked into are missing.</returns>
    public static IReadOnlyList<FileStat> FindRemoved(ulong device)
    {
        var found = new Dictionary<ulong, FileStat>();
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(process.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out _))
                continue;

            var opened = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(process + "/fd"), FileCalls.ReadOnly | FileCalls.DirectoryOnly, 0, out _);
            if (opened is null)
                continue; // ended meanwhile, or another user's

            using var reader = new FolderReader(opened);
            while (reader.MoveNext(out _))
            {
                fixed (byte* name = reader.NameAndNul)
                {
                    if (FileCalls.StatAt(opened.Descriptor, name, follow: true, out var stat) == 0 && stat is { IsFile: true, Links: 0 } && stat.Device == device)
                        found[stat.Inode] = stat;
                }
            }
        }

        return [.. found.Values];
    }
}
