using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Files.Tar;

/// <summary>
/// The folders into which a tar stream is unpacked. Each is opened by its name in the one above it and never through a link, so that
/// nothing is written outside the first one, whatever the stream says and whoever moves things meanwhile. Those on the way to the last
/// one stay open: entries mostly come folder by folder.
/// </summary>
/// <param name="root">The first folder; disposed with this.</param>
internal sealed unsafe class TarFolders(OpenFile root) : IDisposable
{
    private const int MostLevels = 256;
    private const uint FolderMode = 0x1ED;

    private readonly List<(byte[] NameAndNul, OpenFile Folder)> _levels = [];

    /// <summary>Opens a folder, and makes those that are missing.</summary>
    /// <param name="path">The way from the first folder; empty for that one. Checked by <see cref="TarNames"/>.</param>
    /// <returns>Its descriptor; good until the next call.</returns>
    /// <exception cref="ConnectException">
    /// <see cref="ConnectCode.InvalidArgument"/>: the way leads through a link. <see cref="ConnectCode.FailedPrecondition"/>: through a file.
    /// </exception>
    public int Enter(ReadOnlySpan<byte> path)
    {
        var level = 0;
        var rest = path;
        while (rest.Length > 0)
        {
            var name = TarNames.TakeFirst(ref rest);
            if (name.Length == 0)
                continue;

            if (level < _levels.Count && !_levels[level].NameAndNul.AsSpan(..^1).SequenceEqual(name))
                CloseFrom(level);

            if (level == _levels.Count)
                Open(name, path);

            level++;
        }

        CloseFrom(level);
        return level > 0 ? _levels[level - 1].Folder.Descriptor : root.Descriptor;
    }

    public void Dispose()
    {
        CloseFrom(0);
        root.Dispose();
    }

    private void Open(ReadOnlySpan<byte> name, ReadOnlySpan<byte> path)
    {
        if (_levels.Count == MostLevels)
            throw TarHeaders.Invalid($"it has folders more than {MostLevels} deep");

        var above = _levels.Count > 0 ? _levels[^1].Folder.Descriptor : root.Descriptor;
        var nameAndNul = PathBytes.From(name);
        var folder = TryOpen(above, nameAndNul, out var error);
        if (error == Errno.NoEntry)
        {
            error = Make(above, nameAndNul);
            folder = error is 0 or Errno.Exists ? TryOpen(above, nameAndNul, out error) : null;
        }

        if (folder is null)
            throw Describe(error, above, nameAndNul, PathBytes.ToText(path));

        _levels.Add((nameAndNul, folder));
    }

    private void CloseFrom(int level)
    {
        for (var i = _levels.Count - 1; i >= level; i--)
        {
            _levels[i].Folder.Dispose();
            _levels.RemoveAt(i);
        }
    }

    private static OpenFile? TryOpen(int above, ReadOnlySpan<byte> nameAndNul, out int error) =>
        OpenFile.TryOpen(above, nameAndNul, FileCalls.PathOnly | FileCalls.DirectoryOnly | FileCalls.NoFollow, 0, out error);

    private static int Make(int above, ReadOnlySpan<byte> nameAndNul)
    {
        fixed (byte* pointer = nameAndNul)
            return FileCalls.MakeFolderAt(above, pointer, FolderMode) < 0 ? Errno.Last : 0;
    }

    private static ConnectException Describe(int error, int above, ReadOnlySpan<byte> nameAndNul, string path)
    {
        fixed (byte* pointer = nameAndNul)
        {
            if (FileCalls.StatAt(above, pointer, follow: false, out var stat) != 0 || stat.IsFolder)
                return Errno.ToException(error, path);

            return stat.IsLink
                ? new ConnectException(ConnectCode.InvalidArgument, $"'{path}' would be written through a link")
                : new ConnectException(ConnectCode.FailedPrecondition, $"'{path}' is there already, and is no folder");
        }
    }
}
