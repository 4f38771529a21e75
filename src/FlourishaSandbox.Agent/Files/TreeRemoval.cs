using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files;

/// <summary>
/// Removes a file, or a folder with all that is in it, however deep: one folder is open at a time, and the way up is by <c>..</c>, after
/// which it has to be the folder that the way down began in. Nothing is ever looked up by a path that somebody could bend meanwhile.
/// </summary>
internal sealed unsafe class TreeRemoval : IDisposable
{
    private const uint OwnerMayAll = 0x1C0;

    // A process that makes files as fast as they are removed must not keep us for ever.
    private const int MostSurprises = 1_000;

    private readonly string _path;
    private readonly Stack<(byte[] Name, FileStat Parent)> _way = new();
    private FolderReader _folder;
    private int _surprises;

    private TreeRemoval(string path, FolderReader folder) => (_path, _folder) = (path, folder);

    /// <summary>Removes what is at a path; a link itself. What is not there needs no removing.</summary>
    /// <exception cref="ConnectException">Something cannot be removed; what came before it is gone.</exception>
    public static void Remove(string path)
    {
        var bytes = PathBytes.From(path);
        var error = Unlink(FileCalls.CurrentFolder, bytes, flags: 0);
        if (error is 0 or Errno.NoEntry or Errno.NotADirectory && !IsThere(bytes))
            return;

        if (!IsFolder(FileCalls.CurrentFolder, bytes))
            throw Errno.ToException(error, path);

        using (var parent = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(PathParts.Parent(path)), FileCalls.ReadOnly | FileCalls.DirectoryOnly, 0, out error)
            ?? throw Errno.ToException(error, path))
        {
            var name = PathBytes.From(PathParts.Name(path));
            if (Unlink(parent.Descriptor, name, FileCalls.RemoveFolder) is 0 or Errno.NoEntry)
                return;

            var folder = Open(parent.Descriptor, name, out error) ?? throw Errno.ToException(error, path);
            using (var removal = new TreeRemoval(path, new FolderReader(folder)))
                removal.Empty();

            if (Unlink(parent.Descriptor, name, FileCalls.RemoveFolder) is not (0 or Errno.NoEntry) and var last)
                throw Errno.ToException(last, path);
        }
    }

    public void Dispose() => _folder.Dispose();

    private void Empty()
    {
        while (_surprises < MostSurprises)
        {
            if (RemoveUpToFolder() is { } below)
                Descend(below);
            else if (_way.Count == 0)
                return;
            else
                Ascend();
        }

        throw new ConnectException(ConnectCode.Aborted, $"'{_path}' does not become empty: something goes on writing to it");
    }

    /// <summary>Removes files and empty folders, up to the first folder that is not empty.</summary>
    /// <returns>That folder's name; null where nothing is left.</returns>
    private byte[]? RemoveUpToFolder()
    {
        int error;
        while (_folder.MoveNext(out error))
        {
            var descriptor = _folder.Folder.Descriptor;
            error = Unlink(descriptor, _folder.NameAndNul, flags: 0);
            if (error is 0 or Errno.NoEntry)
                continue;

            // Which error a folder gives is not the same everywhere, so it is asked what it is.
            if (!IsFolder(descriptor, _folder.NameAndNul))
                throw Errno.ToException(error, PathOf(_folder.Name));

            error = Unlink(descriptor, _folder.NameAndNul, FileCalls.RemoveFolder);
            if (error is Errno.NotEmpty or Errno.Exists or Errno.AccessDenied)
                return PathBytes.From(_folder.Name);

            if (error is not (0 or Errno.NoEntry))
                throw Errno.ToException(error, PathOf(_folder.Name));
        }

        Check(error);
        return null;
    }

    private void Descend(byte[] name)
    {
        _ = FileCalls.StatOpen(_folder.Folder.Descriptor, out var parent);
        var folder = Open(_folder.Folder.Descriptor, name, out var error);
        if (folder is null)
        {
            // Gone, or swapped for a link: the next pass sees what is there now.
            if (error is not (Errno.NoEntry or Errno.TooManyLinks or Errno.NotADirectory))
                throw Errno.ToException(error, PathOf(name.AsSpan(0, name.Length - 1)));

            _surprises++;
            Check(_folder.Rewind());
            return;
        }

        _way.Push((name, parent));
        Replace(folder);
    }

    private void Ascend()
    {
        var (name, expected) = _way.Pop();
        var parent = OpenFile.TryOpen(_folder.Folder.Descriptor, "..\0"u8, FileCalls.ReadOnly | FileCalls.DirectoryOnly, 0, out var error);
        Check(error);
        Replace(parent!);
        if (FileCalls.StatOpen(parent!.Descriptor, out var actual) != 0 || !actual.IsSame(expected))
            throw new ConnectException(ConnectCode.Aborted, $"'{_path}' was moved while it was being removed");

        error = Unlink(parent.Descriptor, name, FileCalls.RemoveFolder);
        _surprises += error == 0 ? 0 : 1;
        if (error is not (0 or Errno.NoEntry or Errno.NotEmpty))
            throw Errno.ToException(error, PathOf(name.AsSpan(0, name.Length - 1)));
    }

    private void Replace(OpenFile folder)
    {
        _folder.Dispose();
        _folder = new FolderReader(folder);
    }

    private void Check(int error)
    {
        if (error != 0)
            throw Errno.ToException(error, PathOf([]));
    }

    // A folder of one's own without the right to write, as tools make for caches, is no more than a chmod away from being emptied.
    private static OpenFile? Open(int parent, ReadOnlySpan<byte> nameAndNul, out int error)
    {
        fixed (byte* name = nameAndNul)
        {
            error = FileCalls.StatAt(parent, name, follow: false, out var stat);
            if (error == 0 && stat.IsFolder && (stat.Mode & OwnerMayAll) != OwnerMayAll && stat.User == FileCalls.GetUser())
                _ = FileCalls.ChangeModeAt(parent, name, (stat.Mode & 0xFFFu) | OwnerMayAll, 0);
        }

        return OpenFile.TryOpen(parent, nameAndNul, FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out error);
    }

    private static int Unlink(int folder, ReadOnlySpan<byte> nameAndNul, int flags)
    {
        fixed (byte* name = nameAndNul)
            return FileCalls.UnlinkAt(folder, name, flags) < 0 ? Errno.Last : 0;
    }

    private static bool IsFolder(int folder, ReadOnlySpan<byte> nameAndNul)
    {
        fixed (byte* name = nameAndNul)
            return FileCalls.StatAt(folder, name, follow: false, out var stat) == 0 && stat.IsFolder;
    }

    private static bool IsThere(ReadOnlySpan<byte> pathAndNul)
    {
        fixed (byte* path = pathAndNul)
            return FileCalls.StatAt(FileCalls.CurrentFolder, path, follow: false, out _) == 0;
    }

    private string PathOf(ReadOnlySpan<byte> name)
    {
        var parts = _way.Reverse().Select(step => PathBytes.ToText(step.Name.AsSpan(0, step.Name.Length - 1)));
        return string.Join('/', [_path, .. parts, .. name.IsEmpty ? Array.Empty<string>() : [PathBytes.ToText(name)]]);
    }
}
