using System.Buffers;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>Makes the files, folders and links of a tar stream. All belong to the agent's own user.</summary>
/// <param name="root">The folder to make them in; disposed with this.</param>
internal sealed unsafe class TarExtractor(OpenFile root) : IDisposable
{
    // The modes and times of folders have to be kept until all is in them.
    private const int MostFolders = 200_000;
    private const long MostFolderBytes = 32 << 20;
    private const uint OwnerMayAll = 0x1C0;

    private readonly TarFolders _folders = new(root);
    private readonly List<(byte[] Path, uint Mode, (long Seconds, long Nanoseconds) Modified, bool IsNew)> _pending = [];
    private readonly byte[] _name = new byte[256];
    private long _pendingBytes;
    private OpenFile? _file;
    private int _folder;
    private long _size;
    private uint _mode;
    private (long Seconds, long Nanoseconds) _modified;
    private long _files;
    private long _bytes;

    /// <summary>Makes an entry; its content follows.</summary>
    /// <exception cref="ConnectException">It is refused, or cannot be made.</exception>
    public void Begin(scoped in TarEntry entry)
    {
        TarNames.Split(entry.Name, out var folder, out var name);
        if (name.IsEmpty)
        {
            // The folder that is unpacked into is the caller's own, and stays as it is.
            _ = entry.Type == TarFormat.Folder ? 0 : throw TarHeaders.Invalid($"'{PathBytes.ToText(entry.Name)}' is no name for a file");
            return;
        }

        _folder = _folders.Enter(folder);
        name.CopyTo(_name);
        _name[name.Length] = 0;
        var nameAndNul = _name.AsSpan(0, name.Length + 1);
        switch (entry.Type)
        {
            case TarFormat.RegularFile or TarFormat.OldRegularFile or TarFormat.ContiguousFile:
                MakeFile(entry, nameAndNul);
                break;

            case TarFormat.Folder:
                MakeFolder(entry, nameAndNul);
                break;

            case TarFormat.SymbolicLink:
                MakeLink(entry, nameAndNul);
                break;

            case TarFormat.HardLink:
                MakeHardLink(entry, nameAndNul);
                break;

            default:
                throw TarHeaders.Invalid($"'{PathBytes.ToText(entry.Name)}' is {Describe(entry.Type)}");
        }
    }

    /// <summary>Writes some of the current file's content.</summary>
    /// <exception cref="ConnectException">There is no space left.</exception>
    public void Write(in ReadOnlySequence<byte> content)
    {
        if (_file!.Write(content) is not 0 and var error)
            throw Errno.ToException(error, CurrentPath());
    }

    /// <summary>Ends the current entry.</summary>
    /// <returns>How much follows that fills up its last block.</returns>
    public int End()
    {
        if (_file is null)
            return 0;

        // Making it has left out what the mask takes away.
        if ((_mode & SpecialFiles.CreationMask) != 0 && FileCalls.ChangeMode(_file.Descriptor, _mode) < 0)
            throw Errno.ToException(Errno.Last, CurrentPath());

        SetTimes(_file.Descriptor, null, _modified);
        _file.Dispose();
        _file = null;
        _files++;
        _bytes += _size;
        return TarFormat.Padding(_size);
    }

    /// <summary>Gives folders the modes and times that they are to have: last, and from the inside out, since both would be in the way.</summary>
    /// <returns>What was written.</returns>
    public TarReceipt Complete()
    {
        for (var i = _pending.Count - 1; i >= 0; i--)
        {
            var (path, mode, modified, isNew) = _pending[i];
            TarNames.Split(path, out var above, out var name);
            using var folder = OpenFile.TryOpen(_folders.Enter(above), PathBytes.From(name), FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out var error);

            // A folder that was there before may be somebody else's, who lets others write to it: that is no reason to fail.
            if (folder is null || (FileCalls.ChangeMode(folder.Descriptor, mode) < 0 && isNew))
                _ = !isNew ? 0 : throw Errno.ToException(folder is null ? error : Errno.Last, PathBytes.ToText(path));
            else
                SetTimes(folder.Descriptor, null, modified);
        }

        return new TarReceipt(_files, _bytes);
    }

    public void Dispose()
    {
        if (_file is not null)
        {
            // What has not come to its end is no file that anybody wants.
            _file.Dispose();
            Unlink(_folder, _name);
            _file = null;
        }

        _folders.Dispose();
    }

    private void MakeFile(scoped in TarEntry entry, ReadOnlySpan<byte> nameAndNul)
    {
        const int Flags = FileCalls.WriteOnly | FileCalls.Create | FileCalls.Exclusive;
        _file = OpenFile.TryOpen(_folder, nameAndNul, Flags, entry.Mode, out var error);
        if (error == Errno.Exists && Clear(nameAndNul, entry.Name))
            _file = OpenFile.TryOpen(_folder, nameAndNul, Flags, entry.Mode, out error);

        if (_file is null)
            throw Errno.ToException(error, PathBytes.ToText(entry.Name));

        (_size, _mode, _modified) = (entry.Size, entry.Mode, entry.Modified);
    }

    private void MakeFolder(scoped in TarEntry entry, ReadOnlySpan<byte> nameAndNul)
    {
        if (_pending.Count == MostFolders || (_pendingBytes += entry.Name.Length) > MostFolderBytes)
            throw new ConnectException(ConnectCode.ResourceExhausted, $"a tar stream may have {MostFolders} folders");

        int error;
        fixed (byte* pointer = nameAndNul)
            error = FileCalls.MakeFolderAt(_folder, pointer, entry.Mode | OwnerMayAll) < 0 ? Errno.Last : 0;

        if (error is not (0 or Errno.Exists))
            throw Errno.ToException(error, PathBytes.ToText(entry.Name));

        // Opening says whether it is one, and is needed anyway for what comes next, most likely.
        _folders.Enter(entry.Name);
        _pending.Add((entry.Name.ToArray(), entry.Mode, entry.Modified, error == 0));
    }

    private void MakeLink(scoped in TarEntry entry, ReadOnlySpan<byte> nameAndNul)
    {
        if (entry.Link.IsEmpty)
            throw TarHeaders.Invalid($"'{PathBytes.ToText(entry.Name)}' is a link that leads nowhere");

        fixed (byte* target = PathBytes.From(entry.Link))
        fixed (byte* pointer = nameAndNul)
        {
            var error = Symlink(target, pointer);
            if (error == Errno.Exists && Clear(nameAndNul, entry.Name))
                error = Symlink(target, pointer);

            if (error != 0)
                throw Errno.ToException(error, PathBytes.ToText(entry.Name));

            SetTimes(_folder, pointer, entry.Modified);
        }
    }

    private void MakeHardLink(scoped in TarEntry entry, ReadOnlySpan<byte> nameAndNul)
    {
        TarNames.Split(entry.Link, out var folder, out var name);
        if (name.IsEmpty)
            throw TarHeaders.Invalid($"'{PathBytes.ToText(entry.Name)}' is a link to a folder");

        // Entering one folder closes the other, so the first is opened once more.
        TarNames.Split(entry.Name, out var ownFolder, out _);
        using var source = OpenFile.TryOpen(_folders.Enter(folder), ".\0"u8, FileCalls.PathOnly | FileCalls.DirectoryOnly, 0, out var error)
            ?? throw Errno.ToException(error, PathBytes.ToText(entry.Link));
        _folder = _folders.Enter(ownFolder);

        fixed (byte* from = PathBytes.From(name))
        fixed (byte* to = nameAndNul)
        {
            error = HardLink(source.Descriptor, from, to);
            if (error == Errno.Exists && !IsSame(source.Descriptor, from, to) && Clear(nameAndNul, entry.Name))
                error = HardLink(source.Descriptor, from, to);
            else if (error == Errno.Exists)
                error = 0;
        }

        if (error != 0)
            throw Errno.ToException(error, PathBytes.ToText(error == Errno.NoEntry ? entry.Link : entry.Name));
    }

    /// <summary>Takes away what is in the way of something that is no folder.</summary>
    /// <exception cref="ConnectException"><see cref="ConnectCode.FailedPrecondition"/>: it is a folder.</exception>
    private bool Clear(ReadOnlySpan<byte> nameAndNul, ReadOnlySpan<byte> path)
    {
        fixed (byte* pointer = nameAndNul)
        {
            if (FileCalls.StatAt(_folder, pointer, follow: false, out var stat) == 0 && stat.IsFolder)
                throw new ConnectException(ConnectCode.FailedPrecondition, $"'{PathBytes.ToText(path)}' is there already, and is a folder");
        }

        var error = Unlink(_folder, nameAndNul);
        return error is 0 or Errno.NoEntry ? true : throw Errno.ToException(error, PathBytes.ToText(path));
    }

    private int Symlink(byte* target, byte* name) => FileCalls.SymlinkAt(target, _folder, name) < 0 ? Errno.Last : 0;

    private int HardLink(int folder, byte* source, byte* name) => FileCalls.LinkAt(folder, source, _folder, name, 0) < 0 ? Errno.Last : 0;

    private bool IsSame(int folder, byte* source, byte* name) =>
        FileCalls.StatAt(folder, source, follow: false, out var first) == 0 && FileCalls.StatAt(_folder, name, follow: false, out var second) == 0 && first.IsSame(second);

    // Not every file system keeps times, and some keep fewer of them: a file without its time is better than no file.
    private static void SetTimes(int descriptor, byte* name, (long Seconds, long Nanoseconds) modified)
    {
        var times = stackalloc FileCalls.FileTime[2];
        times[0].Nanoseconds = FileCalls.OmitTime;
        times[1] = new FileCalls.FileTime { Seconds = modified.Seconds, Nanoseconds = modified.Nanoseconds };
        _ = name is null ? FileCalls.SetTimes(descriptor, times) : FileCalls.SetTimesAt(descriptor, name, times, FileCalls.SymlinkNoFollow);
    }

    private static int Unlink(int folder, ReadOnlySpan<byte> nameAndNul)
    {
        fixed (byte* pointer = nameAndNul)
            return FileCalls.UnlinkAt(folder, pointer, 0) < 0 ? Errno.Last : 0;
    }

    private string CurrentPath() => PathBytes.ToText(_name.AsSpan(0, _name.AsSpan().IndexOf((byte)0)));

    private static string Describe(byte type) => type switch
    {
        TarFormat.BlockDevice or TarFormat.CharacterDevice => "a device",
        TarFormat.Pipe => "a pipe",
        _ => $"an entry of the unknown type '{(char)type}'",
    };
}
