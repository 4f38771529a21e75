using System.Formats.Tar;
using System.IO.Enumeration;
using System.Security;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>Writes local files and folders as a tar stream, without a temporary file and without holding a file in memory.</summary>
/// <param name="owner">Whom everything belongs to.</param>
/// <param name="progress">Counts what is written.</param>
internal sealed class UploadArchive(FileOwner owner, CopyProgress progress)
{
    // The old GNU format needs one header of 512 bytes where pax needs three; its size field ends at 8 GiB.
    private const long GnuSizeLimit = 8L << 30;
    private const UnixFileMode DirectoryMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
    private const UnixFileMode FileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>The sizes of all files at and below a path added up, in bytes. What cannot be read counts nothing here; copying it will say so.</summary>
    public static long Measure(string path)
    {
        var folder = new DirectoryInfo(path);
        if (!folder.Exists || folder.LinkTarget is not null)
            return new FileInfo(path) is { Exists: true } file ? file.Length : 0;

        var sizes = new FileSystemEnumerable<long>(path, (ref FileSystemEntry entry) => IsLink(ref entry) || entry.IsDirectory ? 0 : entry.Length, Everything(ignoreInaccessible: true))
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };
        return sizes.Sum();
    }

    /// <summary>Writes folders that the sandbox lacks, outermost first, so that they belong to the sandbox's user and not to root.</summary>
    public async Task WriteFoldersAsync(TarWriter tar, IEnumerable<string> names, CancellationToken cancellationToken)
    {
        foreach (var name in names)
            await WriteEntryAsync(tar, new GnuTarEntry(TarEntryType.Directory, name + "/") { Mode = DirectoryMode }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Writes a file, a link, or a folder with all that is in it.</summary>
    public async Task WriteAsync(TarWriter tar, string path, string name, CancellationToken cancellationToken)
    {
        var folder = new DirectoryInfo(path);
        if (folder is not { Exists: true, LinkTarget: null })
        {
            await WriteItemAsync(tar, new FileInfo(path), name, cancellationToken).ConfigureAwait(false);
            return;
        }

        await WriteItemAsync(tar, folder, name, cancellationToken).ConfigureAwait(false);
        using var items = Enumerate(folder).GetEnumerator();
        while (MoveNext(items, folder))
        {
            var item = items.Current;
            var relative = Path.GetRelativePath(folder.FullName, item.FullName);
            if (Path.DirectorySeparatorChar != '/')
                relative = relative.Replace(Path.DirectorySeparatorChar, '/');

            await WriteItemAsync(tar, item, $"{name}/{relative}", cancellationToken).ConfigureAwait(false);
        }
    }

    // Links are entries of their own and never followed, as the framework's own enumeration does: one to a folder above would have no end.
    private static FileSystemEnumerable<FileSystemInfo> Enumerate(DirectoryInfo folder) =>
        new(folder.FullName, (ref FileSystemEntry entry) => entry.ToFileSystemInfo(), Everything(ignoreInaccessible: false))
        {
            ShouldRecursePredicate = (ref FileSystemEntry entry) => !IsLink(ref entry),
        };

    private static bool IsLink(ref FileSystemEntry entry) => entry.Attributes.HasFlag(FileAttributes.ReparsePoint);

    private static bool MoveNext(IEnumerator<FileSystemInfo> items, DirectoryInfo folder)
    {
        try
        {
            return items.MoveNext();
        }
        catch (Exception e) when (e is UnauthorizedAccessException or SecurityException or IOException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The folder '{folder.FullName}' cannot be read whole: {e.Message}", folder.FullName, innerException: e);
        }
    }

    private static EnumerationOptions Everything(bool ignoreInaccessible) => new()
    {
        RecurseSubdirectories = true,
        AttributesToSkip = FileAttributes.None,
        IgnoreInaccessible = ignoreInaccessible,
        ReturnSpecialDirectories = false,
    };

    private async Task WriteItemAsync(TarWriter tar, FileSystemInfo item, string name, CancellationToken cancellationToken)
    {
        try
        {
            if (item.LinkTarget is { } target)
            {
                await WriteEntryAsync(tar, new GnuTarEntry(TarEntryType.SymbolicLink, name) { LinkName = target, ModificationTime = item.LastWriteTimeUtc }, cancellationToken).ConfigureAwait(false);
            }
            else if (item is DirectoryInfo)
            {
                await WriteEntryAsync(tar, new GnuTarEntry(TarEntryType.Directory, name + "/") { Mode = ModeOf(item, DirectoryMode), ModificationTime = item.LastWriteTimeUtc }, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await WriteFileAsync(tar, (FileInfo)item, name, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is UnauthorizedAccessException or SecurityException or FileNotFoundException or DirectoryNotFoundException or PathTooLongException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The file '{item.FullName}' cannot be read: {e.Message}", item.FullName, innerException: e);
        }
    }

    private async Task WriteFileAsync(TarWriter tar, FileInfo file, string name, CancellationToken cancellationToken)
    {
        progress.BeginFile(name);
        TarEntry entry = file.Length < GnuSizeLimit ? new GnuTarEntry(TarEntryType.RegularFile, name) : new PaxTarEntry(TarEntryType.RegularFile, name);
        entry.Mode = ModeOf(file, FileMode);
        entry.ModificationTime = file.LastWriteTimeUtc;

        // Pipes, sockets and devices have no length either, and opening a pipe would wait for its writer for ever: nothing empty is opened.
        if (file.Length == 0)
        {
            await WriteEntryAsync(tar, entry, cancellationToken).ConfigureAwait(false);
            return;
        }

        var content = new MeteredFileStream(file.FullName, progress);
        await using (content.ConfigureAwait(false))
        {
            entry.DataStream = content;
            await WriteEntryAsync(tar, entry, cancellationToken).ConfigureAwait(false);
        }
    }

    private Task WriteEntryAsync(TarWriter tar, TarEntry entry, CancellationToken cancellationToken)
    {
        entry.Uid = owner.UserId;
        entry.Gid = owner.GroupId;
        return tar.WriteEntryAsync(entry, cancellationToken);
    }

    // Set-uid and set-gid bits stay behind: what arrives belongs to another user.
    private static UnixFileMode ModeOf(FileSystemInfo item, UnixFileMode otherwise) => OperatingSystem.IsWindows() ? otherwise : item.UnixFileMode & Permissions;
}
