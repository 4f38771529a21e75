using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files.Watching;

/// <summary>
/// Distributes what the kernel tells about folders to those who watch them. The reactor says when there is something; it is read and
/// handed out elsewhere, since a folder that is moved into a watched one has to be gone through.
/// </summary>
/// <param name="reactor">What waits for the kernel.</param>
internal sealed class WatchHub(Reactor reactor)
{
    private const InotifyEvents Gone = InotifyEvents.SelfDeleted | InotifyEvents.Unmounted;

    private readonly Lock _lock = new();
    private readonly HashSet<FolderWatch> _watches = [];
    private readonly Dictionary<int, List<WatchedFolder>> _folders = [];
    private readonly List<WatchedFolder> _scanned = [];
    private Inotify? _inotify;
    private Reactor.Registration? _registration;

    /// <summary>Watches a folder from now on.</summary>
    /// <param name="request">What is wanted.</param>
    /// <param name="path">The folder, as an absolute path.</param>
    /// <returns>The watch; disposing it ends it.</returns>
    /// <exception cref="ConnectException">There is no such folder, or no more can be watched.</exception>
    public FolderWatch Begin(WatchRequest request, string path)
    {
        if (!FilesystemService.TryStat(path, out var stat))
            throw Errno.ToException(Errno.NoEntry, path);

        if (!stat.IsFolder)
            throw new ConnectException(ConnectCode.InvalidArgument, $"path '{path}' is not a directory");

        if (!request.AllowNetworkMounts && SpecialFiles.IsRemote(path))
            throw new ConnectException(ConnectCode.InvalidArgument, $"cannot watch path on network filesystem: '{path}'");

        var watch = new FolderWatch(this, request, path);
        lock (_lock)
        {
            _watches.Add(watch);
            try
            {
                Start();
                AddFolder(watch, "", report: false);
                if (watch.Failure is { } failure)
                    throw failure;
            }
            catch (ConnectException)
            {
                EndLocked(watch);
                throw;
            }
        }

        return watch;
    }

    /// <summary>Ends a watch, and frees what was for it alone.</summary>
    public void End(FolderWatch watch)
    {
        lock (_lock)
            EndLocked(watch);
    }

    private void Start()
    {
        if (_inotify is not null)
            return;

        _inotify = Inotify.Create();
        _registration = reactor.Add(_inotify.Descriptor, EpollEvents.In, _ =>
        {
            _registration?.Change(EpollEvents.None);
            ThreadPool.UnsafeQueueUserWorkItem(_ => Drain(), null);
        });
    }

    private void EndLocked(FolderWatch watch)
    {
        if (!_watches.Remove(watch))
            return;

        foreach (var name in watch.Numbers.Keys.ToArray())
            RemoveFolder(watch, name);

        if (_watches.Count > 0)
            return;

        // The user may have only so many of these, in all sandboxes together.
        _registration?.Dispose();
        _inotify?.Dispose();
        (_registration, _inotify) = (null, null);
        _folders.Clear();
        _scanned.Clear();
    }

    private void Drain()
    {
        lock (_lock)
        {
            while (_inotify is not null && _inotify.Read(Handle))
                continue;

            // All that happened before the folders were gone through has been told by now.
            foreach (var folder in _scanned)
                folder.Reported = null;

            _scanned.Clear();
            foreach (var watch in _watches.Where(watch => watch.Failure is not null).ToArray())
                EndLocked(watch);

            _registration?.Change(EpollEvents.In);
        }
    }

    private void Handle(int number, InotifyEvents events, string name)
    {
        if (events.HasFlag(InotifyEvents.QueueOverflowed))
        {
            foreach (var watch in _watches)
                watch.Fail(new ConnectException(ConnectCode.DataLoss, "the kernel had more to tell than it keeps; events are lost"));

            return;
        }

        if (!_folders.TryGetValue(number, out var folders))
            return;

        foreach (var folder in folders.ToArray())
            Handle(folder, events, name);

        if (events.HasFlag(InotifyEvents.Ignored))
        {
            foreach (var folder in folders)
                folder.Watch.Numbers.Remove(folder.Name);

            _folders.Remove(number);
        }
    }

    private void Handle(WatchedFolder folder, InotifyEvents events, string name)
    {
        var watch = folder.Watch;
        if (name.Length == 0)
        {
            // What happens to a folder below is told by the one above it.
            if (folder.Name.Length == 0 && TypeOf(events) is not EventType.Unspecified and var own)
                watch.Add("", own);

            return;
        }

        var path = folder.Name.Length == 0 ? name : $"{folder.Name}/{name}";
        var isFolder = watch.Recursive && events.HasFlag(InotifyEvents.IsFolder);
        if (events.HasFlag(InotifyEvents.MovedFrom) && isFolder)
            RemoveBelow(watch, path);

        // Seen already, when the folder that it is in was gone through.
        var wasReported = folder.Reported?.Remove(name) == true && events.HasFlag(InotifyEvents.Created);

        // Watched first and told then: who hears of a folder may rely on hearing of what is put into it.
        var isNew = (events & (InotifyEvents.Created | InotifyEvents.MovedTo)) != 0;
        if (isNew && isFolder && !wasReported)
            AddFolder(watch, path, report: true);
        else if (!wasReported)
            watch.Add(path, TypeOf(events));
    }

    /// <summary>Watches a folder, and all that are in it, as far as that is asked for.</summary>
    /// <param name="watch">For whom.</param>
    /// <param name="name">Its path below the watch's own.</param>
    /// <param name="report">Whether it has come just now, with what is in it.</param>
    private void AddFolder(FolderWatch watch, string name, bool report)
    {
        var path = name.Length == 0 ? watch.Path : PathParts.Join(watch.Path, name);
        var number = _inotify!.Add(path, follow: name.Length == 0);
        if (report)
            watch.Add(name, EventType.Create);

        if (number < 0)
        {
            // A folder that went away again, was swapped for a link or may not be read is passed over; the first one has to be there.
            if (number == -Errno.NoSpace)
                watch.Fail(new ConnectException(ConnectCode.ResourceExhausted, $"the kernel watches no more folders for this user; '{path}' and others are not watched"));
            else if (name.Length == 0)
                throw Errno.ToException(-number, path);

            return;
        }

        var folder = new WatchedFolder(watch, name);
        if (!_folders.TryGetValue(number, out var folders))
            _folders.Add(number, folders = []);

        folders.RemoveAll(other => other.Watch == watch);
        folders.Add(folder);
        watch.Numbers[name] = number;
        if (watch.Recursive && watch.Failure is null)
            Scan(folder, path, report);
    }

    private void Scan(WatchedFolder folder, string path, bool report)
    {
        var open = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(path), FileCalls.ReadOnly | FileCalls.DirectoryOnly, 0, out _);
        if (open is null)
            return;

        if (report)
        {
            folder.Reported = [];
            _scanned.Add(folder);
        }

        using var reader = new FolderReader(open);
        while (reader.MoveNext(out _) && folder.Watch.Failure is null)
        {
            if (StatAt(reader) is not { } stat)
                continue;

            var text = PathBytes.ToText(reader.Name);
            var name = folder.Name.Length == 0 ? text : $"{folder.Name}/{text}";
            folder.Reported?.Add(text);
            if (stat.IsFolder)
            {
                AddFolder(folder.Watch, name, report);
            }
            else if (report)
            {
                folder.Watch.Add(name, EventType.Create);

                // It was written before anybody could watch.
                if (stat.IsFile && stat.Size > 0)
                    folder.Watch.Add(name, EventType.Write);
            }
        }
    }

    private static unsafe FileStat? StatAt(FolderReader reader)
    {
        fixed (byte* name = reader.NameAndNul)
            return FileCalls.StatAt(reader.Folder.Descriptor, name, follow: false, out var stat) == 0 ? stat : null;
    }

    private void RemoveBelow(FolderWatch watch, string name)
    {
        foreach (var below in watch.Numbers.Keys.Where(key => key == name || key.StartsWith(name + "/", StringComparison.Ordinal)).ToArray())
            RemoveFolder(watch, below);
    }

    private void RemoveFolder(FolderWatch watch, string name)
    {
        if (!watch.Numbers.Remove(name, out var number) || !_folders.TryGetValue(number, out var folders))
            return;

        folders.RemoveAll(folder => folder.Watch == watch);
        if (folders.Count > 0)
            return;

        _folders.Remove(number);
        _inotify?.Remove(number);
    }

    private static EventType TypeOf(InotifyEvents events) =>
        (events & (InotifyEvents.Created | InotifyEvents.MovedTo)) != 0 ? EventType.Create
        : (events & (InotifyEvents.Deleted | Gone)) != 0 ? EventType.Remove
        : (events & (InotifyEvents.MovedFrom | InotifyEvents.SelfMoved)) != 0 ? EventType.Rename
        : events.HasFlag(InotifyEvents.Modified) ? EventType.Write
        : events.HasFlag(InotifyEvents.AttributesChanged) ? EventType.Chmod
        : EventType.Unspecified;

    /// <summary>A folder that is watched for somebody.</summary>
    /// <param name="Watch">For whom.</param>
    /// <param name="Name">Its path below the watch's own.</param>
    private sealed record WatchedFolder(FolderWatch Watch, string Name)
    {
        /// <summary>Names that were told of when it was gone through, and that the kernel may tell of again.</summary>
        public HashSet<string>? Reported { get; set; }
    }
}
