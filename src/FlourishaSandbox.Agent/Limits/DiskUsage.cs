using FlourishaSandbox.Agent.Files;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Limits;

/// <summary>
/// How much a sandbox wrote over its image. An unprivileged agent cannot look where the engine keeps that, but sees it from within: what
/// the image brought was last changed before the sandbox was made, and nobody in there can set that time. Only what the sandbox's user
/// may write to is looked at, found once and again when it is old; what is mounted, memory file systems and volumes, is not counted.
/// Not safe for several threads.
/// </summary>
/// <param name="root">Where the file system is; <c>/</c> but in tests.</param>
/// <param name="since">Since when changes count, in seconds and nanoseconds since 1970.</param>
/// <param name="uid">The sandbox's user.</param>
internal sealed unsafe class DiskUsage(string root, (long Seconds, uint Nanoseconds) since, uint uid)
{
    /// <summary>What is said where folders are nested more deeply than can be looked at.</summary>
    public const long Unmeasurable = long.MaxValue / 4;

    private const int BlockSize = 512;
    private const int MostLevels = 256;
    private const ushort OwnerMayLook = 0x140;
    private static readonly long s_findAgainMs = (long)TimeSpan.FromMinutes(10).TotalMilliseconds;

    private readonly HashSet<ulong> _linked = [];
    private readonly ulong _device = DeviceOf(root);
    private List<string>? _places;
    private long _foundAt;
    private long _bytes;

    /// <summary>Since when changes count in this container: from when it was made, as the file says that the engine made first.</summary>
    /// <returns>Seconds and nanoseconds since 1970; now, where there is no such file.</returns>
    public static (long Seconds, uint Nanoseconds) SinceCreation()
    {
        fixed (byte* path = "/.dockerenv\0"u8)
        {
            return FileCalls.StatAt(FileCalls.CurrentFolder, path, follow: false, out var stat) == 0
                ? (stat.ChangedSeconds, stat.ChangedNanoseconds)
                : (DateTimeOffset.UtcNow.ToUnixTimeSeconds(), 0);
        }
    }

    /// <summary>Finds where to look, where that is not known or was found long ago. Takes as long as a walk through all of the file system.</summary>
    public void Prepare()
    {
        if (_places is null || Environment.TickCount64 - _foundAt > s_findAgainMs)
            (_places, _foundAt) = (FindPlaces(), Environment.TickCount64);
    }

    /// <summary>Measures. Takes a few microseconds for each file that the sandbox's user may write to.</summary>
    /// <returns>Bytes on the disk: blocks, not lengths, and what was removed but is still open; <see cref="Unmeasurable"/> where it cannot be told.</returns>
    public long Measure()
    {
        Prepare();
        _bytes = 0;
        _linked.Clear();
        foreach (var place in _places!)
            AddTree(place);

        foreach (var file in OpenFiles.FindRemoved(_device))
            Add(file);

        return _bytes;
    }

    private static ulong DeviceOf(string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
            return FileCalls.StatAt(FileCalls.CurrentFolder, pointer, follow: true, out var stat) == 0 ? stat.Device : 0;
    }

    /// <summary>Folders below which the user can make something, and files elsewhere that he can write to.</summary>
    private List<string> FindPlaces()
    {
        var found = new List<string>();
        var folders = new Stack<string>([root]);
        while (folders.TryPop(out var path))
        {
            var opened = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(path), FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out _);
            if (opened is null)
            {
                // Not ours to read. That we may write without reading is possible, as for a drop box; then it counts as a place.
                if (LibC.Access(path, FileCalls.MayWrite | FileCalls.MayExecute) == 0 || IsOwn(path))
                    found.Add(path);

                continue;
            }

            using var reader = new FolderReader(opened);
            if (FileCalls.StatOpen(opened.Descriptor, out var stat) != 0 || stat.Device != _device)
                continue;

            if (stat.User == uid || LibC.Access(path, FileCalls.MayWrite | FileCalls.MayExecute) == 0)
            {
                found.Add(path);
                continue;
            }

            while (reader.MoveNext(out _))
            {
                FileStat entry;
                fixed (byte* name = reader.NameAndNul)
                {
                    if (FileCalls.StatAt(opened.Descriptor, name, follow: false, out entry) != 0)
                        continue;
                }

                var full = PathParts.Join(path, PathBytes.ToText(reader.Name));
                if (entry.IsFolder)
                    folders.Push(full);
                else if (entry.IsFile && (entry.User == uid || LibC.Access(full, FileCalls.MayWrite) == 0))
                    found.Add(full);
            }
        }

        return found;
    }

    private bool IsOwn(string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
            return FileCalls.StatAt(FileCalls.CurrentFolder, pointer, follow: false, out var stat) == 0 && stat.User == uid && stat.Device == _device;
    }

    private void AddTree(string place)
    {
        var levels = new Stack<FolderReader>();
        try
        {
            Enter(levels, FileCalls.CurrentFolder, PathBytes.From(place));
            while (levels.TryPeek(out var level))
            {
                if (level.MoveNext(out _))
                    Enter(levels, level.Folder.Descriptor, level.NameAndNul);
                else
                    levels.Pop().Dispose();
            }
        }
        finally
        {
            foreach (var level in levels)
                level.Dispose();
        }
    }

    private void Enter(Stack<FolderReader> levels, int folder, ReadOnlySpan<byte> nameAndNul)
    {
        FileStat stat;
        fixed (byte* name = nameAndNul)
        {
            // What went away meanwhile is on the disk no more.
            if (FileCalls.StatAt(folder, name, follow: false, out stat) != 0)
                return;
        }

        if (!stat.IsFolder)
        {
            Add(stat);
            return;
        }

        if (stat.Device != _device)
            return; // mounted

        Add(stat);
        if (levels.Count == MostLevels)
        {
            _bytes = Unmeasurable;
            return;
        }

        if (Open(folder, nameAndNul, stat) is { } opened)
            levels.Push(new FolderReader(opened));
    }

    private OpenFile? Open(int folder, ReadOnlySpan<byte> nameAndNul, in FileStat stat)
    {
        const int Flags = FileCalls.ReadOnly;
        var opened = OpenFile.TryOpen(folder, nameAndNul, Flags | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out var error);
        if (opened is not null || error != Errno.AccessDenied || stat.User != uid)
            return opened;

        // A folder that its owner has closed to himself is no place to hide: it is opened for as long as it takes to open it.
        fixed (byte* name = nameAndNul)
            _ = FileCalls.ChangeModeAt(folder, name, (uint)(stat.Mode & 0xFFF | OwnerMayLook), 0);

        opened = OpenFile.TryOpen(folder, nameAndNul, Flags | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out _);
        if (opened is not null)
            _ = FileCalls.ChangeMode(opened.Descriptor, (uint)(stat.Mode & 0xFFF));

        return opened;
    }

    private void Add(in FileStat stat)
    {
        var isNew = stat.ChangedSeconds > since.Seconds || (stat.ChangedSeconds == since.Seconds && stat.ChangedNanoseconds >= since.Nanoseconds);
        if (isNew && _bytes < Unmeasurable && (stat.IsFolder || stat.Links == 1 || _linked.Add(stat.Inode)))
            _bytes += stat.Blocks * BlockSize;
    }
}
