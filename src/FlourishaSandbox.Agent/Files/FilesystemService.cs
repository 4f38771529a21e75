using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files;

/// <summary>The calls of <c>filesystem.Filesystem</c> that have one answer. Blocking: the kernel has no other way.</summary>
/// <param name="user">Where relative paths begin: in the home.</param>
internal sealed class FilesystemService(AgentUser user)
{
    // At some 300 bytes each in JSON, an answer of 30 MB.
    private const int MostEntries = 100_000;
    private const uint FolderMode = 0x1ED;

    /// <summary>Describes what is at a path; a link itself.</summary>
    public EntryResponse Stat(StatRequest request) => new(Entries.Read(AgentPath.Resolve(request.Path, user), details: true));

    /// <summary>Makes a folder, with those above it.</summary>
    /// <exception cref="ConnectException"><see cref="ConnectCode.AlreadyExists"/>: there is a folder. <see cref="ConnectCode.InvalidArgument"/>: something else is there.</exception>
    public EntryResponse MakeDir(MakeDirRequest request)
    {
        var path = AgentPath.Resolve(request.Path, user);
        if (TryStat(path, out var existing))
        {
            throw existing.IsFolder
                ? new ConnectException(ConnectCode.AlreadyExists, $"directory already exists: '{path}'")
                : new ConnectException(ConnectCode.InvalidArgument, $"path already exists but it is not a directory: '{path}'");
        }

        MakeFolders(path);
        return new EntryResponse(Entries.Read(path, details: false));
    }

    /// <summary>Moves or renames; what was at the destination is replaced, except a folder that is not empty.</summary>
    public async ValueTask<EntryResponse> MoveAsync(MoveRequest request, CancellationToken cancellationToken)
    {
        var source = AgentPath.Resolve(request.Source, user);
        var destination = AgentPath.Resolve(request.Destination, user);
        _ = Entries.Read(source, details: false);
        MakeFolders(PathParts.Parent(destination));

        var error = Rename(source, destination);
        if (error == Errno.CrossDevice)
            error = await MoveAcross.RunAsync(source, destination, (uint)user.Uid, cancellationToken);

        if (error == Errno.Invalid)
            throw new ConnectException(ConnectCode.InvalidArgument, $"'{source}' cannot be moved into itself");

        if (error == Errno.IsADirectory || error == Errno.NotADirectory)
            throw new ConnectException(ConnectCode.FailedPrecondition, $"'{destination}' is there already, and of another kind");

        if (error is Errno.Exists or Errno.NotEmpty)
            throw Errno.ToException(Errno.NotEmpty, destination);

        return error == 0 ? new EntryResponse(Entries.Read(destination, details: false)) : throw Errno.ToException(error, source);
    }

    /// <summary>Lists a folder, which may be named by a link; links in it are not followed.</summary>
    public ListDirResponse ListDir(ListDirRequest request)
    {
        if (request.Depth < 0)
            throw new ConnectException(ConnectCode.InvalidArgument, "a depth below nothing makes no list");

        var path = AgentPath.Resolve(request.Path, user);
        var folder = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(path), FileCalls.ReadOnly | FileCalls.DirectoryOnly, 0, out var error)
            ?? throw (error == Errno.NotADirectory && TryStat(path, out _) ? new ConnectException(ConnectCode.InvalidArgument, $"path is not a directory: '{path}'")
                : error == Errno.TooManyLinks ? new ConnectException(ConnectCode.FailedPrecondition, $"cyclic symlink: '{path}'")
                : Errno.ToException(error, path));

        var entries = new List<EntryInfo>();
        List(folder, path, Math.Max(1, request.Depth), entries);
        return new ListDirResponse(entries);
    }

    /// <summary>Removes a file, or a folder with all that is in it. What is not there needs no removing.</summary>
    public void Remove(RemoveRequest request)
    {
        var path = AgentPath.Resolve(request.Path, user);
        if (path == "/")
            throw new ConnectException(ConnectCode.InvalidArgument, "the root cannot be removed");

        TreeRemoval.Remove(path);
    }

    /// <summary>Makes a folder and those above it, as far as they are not there.</summary>
    /// <exception cref="ConnectException">One of them is no folder, or cannot be made.</exception>
    public static void MakeFolders(string path)
    {
        if (TryStat(path, out var existing))
        {
            if (!existing.IsFolder)
                throw new ConnectException(ConnectCode.InvalidArgument, $"path is a file: '{path}'");

            return;
        }

        MakeFolders(PathParts.Parent(path));
        if (MakeFolder(path) is not (0 or Errno.Exists) and var error)
            throw Errno.ToException(error, path);
    }

    /// <summary>Asks what is at a path, links followed.</summary>
    /// <returns>False where there is nothing.</returns>
    /// <exception cref="ConnectException">There is no way there.</exception>
    public static unsafe bool TryStat(string path, out FileStat stat)
    {
        fixed (byte* pointer = PathBytes.From(path))
        {
            var error = FileCalls.StatAt(FileCalls.CurrentFolder, pointer, follow: true, out stat);
            return error == 0 || (error is Errno.NoEntry or Errno.NotADirectory ? false : throw Errno.ToException(error, path));
        }
    }

    /// <summary>Gives something another name, on the same file system.</summary>
    /// <returns>0, or the error's number.</returns>
    public static unsafe int Rename(string source, string destination)
    {
        fixed (byte* from = PathBytes.From(source))
        fixed (byte* to = PathBytes.From(destination))
            return FileCalls.RenameAt(FileCalls.CurrentFolder, from, FileCalls.CurrentFolder, to) < 0 ? Errno.Last : 0;
    }

    private static void List(OpenFile folder, string path, int depth, List<EntryInfo> entries)
    {
        using var reader = new FolderReader(folder);
        var found = new List<(string Name, byte[] Bytes)>();
        int error;
        while (reader.MoveNext(out error))
        {
            if (entries.Count + found.Count >= MostEntries)
                throw new ConnectException(ConnectCode.ResourceExhausted, $"'{path}' holds more than the {MostEntries} entries that one list may have; list folders below it, or less deep");

            found.Add((PathBytes.ToText(reader.Name), PathBytes.From(reader.Name)));
        }

        if (error != 0)
            throw Errno.ToException(error, path);

        found.Sort((left, right) => string.CompareOrdinal(left.Name, right.Name));
        foreach (var (name, bytes) in found)
        {
            // What went away meanwhile is not there.
            if (Entries.TryRead(folder.Descriptor, bytes, name, PathParts.Join(path, name), details: false, out var entry) != 0)
                continue;

            entries.Add(entry!);

            // Nor is a folder followed that a link leads to, and one that may not be read is listed without what is in it, as by ls -R.
            if (depth > 1 && entry!.Type == FileType.Directory && entry.SymlinkTarget is null
                && OpenFile.TryOpen(folder.Descriptor, bytes, FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out _) is { } inner)
                List(inner, entry.Path, depth - 1, entries);
        }
    }

    private static unsafe int MakeFolder(string path)
    {
        fixed (byte* pointer = PathBytes.From(path))
            return FileCalls.MakeFolderAt(FileCalls.CurrentFolder, pointer, FolderMode) < 0 ? Errno.Last : 0;
    }
}
