using System.Buffers;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>
/// Goes through what is at a path, folders before what is in them, without following a link. Everything is looked up in an open folder,
/// and memory grows with how deep the tree is, not with how many files it has.
/// </summary>
internal sealed unsafe class TreeWalk : IDisposable
{
    // Each level keeps a folder open.
    private const int MostLevels = 256;

    private readonly string _path;
    private readonly byte[] _rootName;
    private readonly OpenFile _parent;
    private readonly Stack<(FolderReader Reader, int NameLength, ulong Device)> _levels = new();
    private byte[] _name = ArrayPool<byte>.Shared.Rent(EnvdProtocol.MaximumPath + 1);
    private int _nameLength;
    private bool _begun;
    private FileStat _stat;

    private TreeWalk(string path, OpenFile parent)
    {
        _path = path;
        _parent = parent;
        _rootName = PathBytes.From(PathParts.Name(path));
    }

    /// <summary>The current entry's name: the path's last component, and what is below it. No NUL, no slash at its end.</summary>
    public ReadOnlySpan<byte> Name => _name.AsSpan(0, _nameLength);

    /// <summary>What the current entry is.</summary>
    public ref readonly FileStat Stat => ref _stat;

    /// <summary>The open folder that it is in.</summary>
    public int Folder => _levels.Count > 0 ? _levels.Peek().Reader.Folder.Descriptor : _parent.Descriptor;

    /// <summary>Its name in there, with a NUL.</summary>
    public ReadOnlySpan<byte> NameAndNul => _levels.Count > 0 ? _levels.Peek().Reader.NameAndNul : _rootName;

    /// <summary>Where it is, for a person.</summary>
    public string Path => PathParts.Join(PathParts.Parent(_path), PathBytes.ToText(Name));

    /// <summary>Begins.</summary>
    /// <param name="path">An absolute path, other than the root.</param>
    /// <exception cref="ConnectException">There is nothing, no way there, or nothing that can be copied.</exception>
    public static TreeWalk Open(string path)
    {
        if (path == "/")
            throw new ConnectException(ConnectCode.InvalidArgument, "the root cannot be copied whole; name what is in it");

        var parent = OpenFile.TryOpen(FileCalls.CurrentFolder, PathBytes.From(PathParts.Parent(path)), FileCalls.PathOnly | FileCalls.DirectoryOnly, 0, out var error)
            ?? throw Errno.ToLookupException(error, path);

        return new TreeWalk(path, parent);
    }

    /// <summary>Goes on to the next entry.</summary>
    /// <returns>False where there is none.</returns>
    /// <exception cref="ConnectException">A folder cannot be read.</exception>
    public bool MoveNext()
    {
        if (!_begun)
        {
            _begun = true;
            SetName(0, _rootName.AsSpan(0, _rootName.Length - 1));
            var error = Look(_parent.Descriptor, _rootName);
            return error == 0 ? true : throw Errno.ToLookupException(error, _path);
        }

        if (_stat.IsFolder)
            Enter();

        while (_levels.TryPeek(out var level))
        {
            while (level.Reader.MoveNext(out var error))
            {
                // What went away since is no part of the copy.
                if (Look(level.Reader.Folder.Descriptor, level.Reader.NameAndNul) is not 0 and var looked)
                {
                    _ = looked == Errno.NoEntry ? 0 : throw Errno.ToException(looked, PathParts.Join(Path, PathBytes.ToText(level.Reader.Name)));
                    continue;
                }

                SetName(level.NameLength, level.Reader.Name);
                return true;
            }

            Leave();
        }

        return false;
    }

    public void Dispose()
    {
        while (_levels.TryPop(out var level))
            level.Reader.Dispose();

        _parent.Dispose();
        ArrayPool<byte>.Shared.Return(_name);
        _name = [];
    }

    private void Enter()
    {
        if (_levels.Count == MostLevels)
            throw new ConnectException(ConnectCode.FailedPrecondition, $"'{_path}' has folders more than {MostLevels} deep");

        var folder = OpenFile.TryOpen(Folder, NameAndNul, FileCalls.ReadOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out var error);
        if (folder is null)
        {
            // It was there a moment ago: removed since, or replaced by something else.
            _ = error is Errno.NoEntry or Errno.NotADirectory or Errno.TooManyLinks ? 0 : throw Errno.ToException(error, Path);
            return;
        }

        // What is mounted within, such as /proc, is left out; who names it himself is told.
        var isMounted = _levels.Count == 0 || _levels.Peek().Device != _stat.Device;
        if (isMounted && SpecialFiles.Contain(folder))
        {
            folder.Dispose();
            _ = _levels.Count > 0 ? 0 : throw new ConnectException(ConnectCode.InvalidArgument, $"'{_path}' holds no files, but the kernel's answers to questions");
            return;
        }

        _levels.Push((new FolderReader(folder), _nameLength, _stat.Device));
    }

    private void Leave()
    {
        var (reader, nameLength, _) = _levels.Pop();
        reader.Dispose();
        _nameLength = nameLength;
    }

    private int Look(int folder, ReadOnlySpan<byte> nameAndNul)
    {
        fixed (byte* pointer = nameAndNul)
            return FileCalls.StatAt(folder, pointer, follow: false, out _stat);
    }

    private void SetName(int folderLength, ReadOnlySpan<byte> name)
    {
        var start = folderLength == 0 ? 0 : folderLength + 1;
        if (start + name.Length > _name.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(2 * (start + name.Length));
            _name.CopyTo(larger, 0);
            ArrayPool<byte>.Shared.Return(_name);
            _name = larger;
        }

        if (start > 0)
            _name[folderLength] = (byte)'/';

        name.CopyTo(_name.AsSpan(start));
        _nameLength = start + name.Length;
    }
}
