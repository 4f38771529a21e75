using System.Formats.Tar;

namespace FlourishaSandbox.Docker;

/// <summary>Sends a folder as the context of an image's build.</summary>
internal static class BuildContext
{
    private const string IgnoreFile = ".dockerignore";

    /// <summary>
    /// Writes a folder as a tar stream, without what its <c>.dockerignore</c> names (or <c>&lt;Dockerfile&gt;.dockerignore</c>, where there
    /// is one). Links stay links, modes are kept, everything belongs to root, no file is held in memory as a whole.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="dockerfile">The Dockerfile's path in the folder; it is sent in any case.</param>
    /// <param name="destination">Where to write; it stays open.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <exception cref="ArgumentException">The ignore file has a line that is no pattern.</exception>
    /// <exception cref="IOException">A file cannot be read, or changed its size while it was sent.</exception>
    public static async Task WriteTarAsync(string folder, string dockerfile, Stream destination, CancellationToken cancellationToken)
    {
        var root = new DirectoryInfo(folder);
        if (!root.Exists)
            throw new DirectoryNotFoundException($"The build context '{folder}' does not exist.");
        var dockerfilePath = dockerfile.Replace('\\', '/');
        var ignore = LoadIgnore(folder, dockerfilePath);
        var writer = new TarWriter(destination, TarEntryFormat.Pax, leaveOpen: true);
        await using var disposing = writer.ConfigureAwait(false);
        foreach (var (item, name) in Select(root, ignore, dockerfilePath))
        {
            cancellationToken.ThrowIfCancellationRequested();
            await WriteEntryAsync(writer, item, name, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>What is sent, with each name in the context; a folder comes before what is in it.</summary>
    internal static IEnumerable<(FileSystemInfo Item, string Name)> Select(DirectoryInfo root, DockerIgnore ignore, string dockerfile)
    {
        return Walk(root, "", ignore.Root, []);

        IEnumerable<(FileSystemInfo, string)> Walk(DirectoryInfo folder, string prefix, DockerIgnoreState parent, List<(FileSystemInfo, string)> unsent)
        {
            foreach (var item in folder.EnumerateFileSystemInfos().OrderBy(item => item.Name, StringComparer.Ordinal))
            {
                var name = prefix + item.Name;
                var state = ignore.Test(name, parent);
                var isSent = !state.IsIgnored || name == dockerfile || name == IgnoreFile;
                var isFolder = item is DirectoryInfo { LinkTarget: null };
                if (isSent)
                {
                    // Folders that were left out come after all where something in them is sent, so that their modes are kept.
                    foreach (var before in unsent)
                        yield return before;
                    unsent.Clear();
                    yield return (item, name);
                }
                if (!isFolder || (!isSent && !ignore.HasExceptions && !dockerfile.StartsWith(name + "/", StringComparison.Ordinal)))
                    continue;
                if (!isSent)
                    unsent.Add((item, name));
                foreach (var below in Walk((DirectoryInfo)item, name + "/", state, unsent))
                    yield return below;
                if (!isSent)
                    unsent.Remove((item, name));
            }
        }
    }

    private static DockerIgnore LoadIgnore(string folder, string dockerfile)
    {
        var own = Path.Combine(folder, dockerfile + IgnoreFile);
        var path = File.Exists(own) ? own : Path.Combine(folder, IgnoreFile);
        return DockerIgnore.Parse(File.Exists(path) ? File.ReadAllText(path) : "");
    }

    private static async Task WriteEntryAsync(TarWriter writer, FileSystemInfo item, string name, CancellationToken cancellationToken)
    {
        if (item.LinkTarget is { } target)
        {
            await writer.WriteEntryAsync(Describe(new PaxTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target }, item), cancellationToken).ConfigureAwait(false);
            return;
        }
        if (item is DirectoryInfo)
        {
            await writer.WriteEntryAsync(Describe(new PaxTarEntry(TarEntryType.Directory, name + "/"), item), cancellationToken).ConfigureAwait(false);
            return;
        }
        var entry = Describe(new PaxTarEntry(TarEntryType.RegularFile, name), item);
        // What has no content is not opened: opening a named pipe would wait for its other end.
        if (((FileInfo)item).Length == 0)
        {
            await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
            return;
        }
        var content = new FileStream(item.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        await using var disposing = content.ConfigureAwait(false);
        entry.DataStream = new UnchangingFileStream(content, name);
        await writer.WriteEntryAsync(entry, cancellationToken).ConfigureAwait(false);
    }

    private static PaxTarEntry Describe(PaxTarEntry entry, FileSystemInfo item)
    {
        entry.Uid = 0;
        entry.Gid = 0;
        entry.ModificationTime = item.LastWriteTimeUtc;
        entry.Mode = OperatingSystem.IsWindows()
            // As the Docker CLI on Windows: nothing there says what may be executed.
            ? (UnixFileMode)0b111_101_101
            : item.LinkTarget is null ? item.UnixFileMode : (UnixFileMode)0b111_111_111;
        return entry;
    }
}
