using System.Formats.Tar;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>
/// Unpacks a tar stream that a sandbox sent, and a sandbox is hostile. Nothing is ever written outside the target:
/// names are taken apart and checked; no entry is written through a link, whoever made it; links are made last, and only such whose
/// target stays inside by its text alone ('..' at the beginning only, no more of them than the link is deep), so that no chain of
/// links leads out; devices, pipes and all else that is no file, folder or link is refused. What is refused is named, the rest arrives.
/// </summary>
internal sealed class DownloadArchive
{
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    // What the user who copies must keep, or the copy could neither be filled nor removed.
    private const UnixFileMode OwnerOfFolder = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    // As much as the engine sends at a time: while more than that is written at once, the engine finds the connection full and waits.
    private const int BufferSize = 32 << 10;

    private readonly string _target;
    private readonly CopyProgress _progress;
    private readonly List<RefusedEntry> _refused = [];
    private readonly List<(string Name, string[] Parts, string LinkTarget)> _links = [];
    private readonly List<(string Path, UnixFileMode Mode)> _folderModes = [];
    private readonly HashSet<string> _checkedFolders = new(StringComparer.Ordinal);
    private readonly byte[] _buffer = new byte[BufferSize];

    /// <param name="target">The local path that the archive's first component becomes.</param>
    /// <param name="progress">Counts what is written.</param>
    public DownloadArchive(string target, CopyProgress progress)
    {
        _target = Path.GetFullPath(target);
        _progress = progress;
    }

    /// <summary>What was not written.</summary>
    public IReadOnlyList<RefusedEntry> Refused => _refused;

    /// <summary>Unpacks the whole stream.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.UnsafeEntry"/>: it is no tar stream. <see cref="SandboxError.PathNotUsable"/>: something local is in the way.</exception>
    public async Task ExtractAsync(Stream stream, CancellationToken cancellationToken)
    {
        var reader = new ArchiveReader(stream);
        try
        {
            while (await reader.ReadNextAsync(cancellationToken).ConfigureAwait(false) is { } entry)
                await ExtractEntryAsync(reader, entry, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            throw new SandboxException(SandboxError.UnsafeEntry, $"What the sandbox sent for '{_target}' is no whole archive: {e.Message}", _target, "Nothing more was written. Copy again; if it fails again, do not trust this sandbox.", e);
        }

        foreach (var (name, parts, linkTarget) in _links)
            MakeLink(name, parts, linkTarget);

        // Last, and from the inside out: a folder without the right to write could not have been filled.
        if (!OperatingSystem.IsWindows())
        {
            for (var i = _folderModes.Count - 1; i >= 0; i--)
                File.SetUnixFileMode(_folderModes[i].Path, _folderModes[i].Mode | OwnerOfFolder);
        }
    }

    private async Task ExtractEntryAsync(ArchiveReader reader, ArchiveEntry entry, CancellationToken cancellationToken)
    {
        if (!TrySplit(entry.Name, out var parts, out var reason))
        {
            Refuse(entry.Name, reason);
            return;
        }

        switch (entry.Type)
        {
            case TarEntryType.Directory:
                if (TryMakeFolder(entry.Name, parts) is { } folder)
                    _folderModes.Add((folder, entry.Mode & Permissions));
                break;

            case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                await WriteFileAsync(reader, entry, parts, cancellationToken).ConfigureAwait(false);
                break;

            case TarEntryType.SymbolicLink:
                if (StaysInside(entry.LinkName, depth: parts.Length - 1))
                    _links.Add((entry.Name, parts, entry.LinkName));
                else
                    Refuse(entry.Name, $"is a link to '{entry.LinkName}', outside the destination");
                break;

            case TarEntryType.HardLink:
                CopyLinked(entry, parts);
                break;

            default:
                Refuse(entry.Name, $"is a {Describe(entry.Type)}");
                break;
        }
    }

    private async Task WriteFileAsync(ArchiveReader reader, ArchiveEntry entry, string[] parts, CancellationToken cancellationToken)
    {
        if (TryMakeParent(entry.Name, parts) is not { } path || TryCreate(path, entry) is not { } file)
            return;

        _progress.BeginFile(entry.Name);
        var isWhole = false;
        try
        {
            await using (file.ConfigureAwait(false))
            {
                await CopyAsync(reader, file, cancellationToken).ConfigureAwait(false);

                // Making it has left out what the umask takes away.
                if (!OperatingSystem.IsWindows())
                    File.SetUnixFileMode(file.SafeFileHandle, entry.Mode & Permissions);

                File.SetLastWriteTimeUtc(file.SafeFileHandle, entry.Modified.UtcDateTime);
            }

            isWhole = true;
        }
        finally
        {
            if (!isWhole)
                File.Delete(path);
        }
    }

    // Whether something is in the way is asked only when the file cannot be made: mostly nothing is, and asking takes as long as making.
    private FileStream? TryCreate(string path, ArchiveEntry entry)
    {
        try
        {
            return Create(path, entry);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException && (Path.Exists(path) || new FileInfo(path).LinkTarget is not null))
        {
            return TryClear(path, entry.Name) ? Create(path, entry) : null;
        }
    }

    // Always a new file, so never one that is there, nor one that a link leads to.
    private static FileStream Create(string path, ArchiveEntry entry)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = entry.Mode & Permissions;

        return new FileStream(path, options);
    }

    private async Task CopyAsync(ArchiveReader reader, FileStream file, CancellationToken cancellationToken)
    {
        // No small writes: what the network brings may come in pieces.
        var filled = 0;
        while (true)
        {
            var read = await reader.ReadContentAsync(_buffer.AsMemory(filled), cancellationToken).ConfigureAwait(false);
            filled += read;
            if (filled > 0 && (read == 0 || filled == _buffer.Length))
            {
                file.Write(_buffer, 0, filled);
                _progress.Add(filled);
                filled = 0;
            }

            if (read == 0)
                return;
        }
    }

    // A hard link is copied from the file that came earlier in the same archive, so that nothing on this side shares content unasked.
    private void CopyLinked(ArchiveEntry entry, string[] parts)
    {
        if (!TrySplit(entry.LinkName, out var sourceParts, out _) || FindWritten(sourceParts) is not { } source)
            Refuse(entry.Name, $"is a hard link to '{entry.LinkName}', which is no file of this copy");
        else if (TryMakeParent(entry.Name, parts) is { } path && path != source && TryClear(path, entry.Name))
        {
            _progress.BeginFile(entry.Name);
            File.Copy(source, path);
        }
    }

    private string? FindWritten(string[] parts)
    {
        var path = PathOf(parts);
        var isReal = parts.Length <= 1 || _checkedFolders.Contains(PathOf(parts[..^1]));
        return isReal && new FileInfo(path) is { Exists: true, LinkTarget: null } ? path : null;
    }

    private void MakeLink(string name, string[] parts, string linkTarget)
    {
        if (TryMakeParent(name, parts) is { } path && TryClear(path, name))
            File.CreateSymbolicLink(path, linkTarget);
    }

    private static bool TrySplit(string name, out string[] parts, out string reason)
    {
        parts = name.Split('/', StringSplitOptions.RemoveEmptyEntries);
        reason = name.StartsWith('/') ? "is an absolute path"
            : parts.Contains("..") ? "leads out of the destination with '..'"
            : parts.Length == 0 || name.Contains('\0', StringComparison.Ordinal) ? "is no name for a file"
            : OperatingSystem.IsWindows() && parts.Any(part => part.AsSpan().IndexOfAny(Path.GetInvalidFileNameChars()) >= 0) ? "cannot be a name on this machine"
            : "";
        parts = Array.FindAll(parts, part => part != ".");
        return reason.Length == 0;
    }

    // The first component is what was asked for, and becomes the target.
    private string PathOf(string[] parts) => parts.Length <= 1 ? _target : Path.Combine([_target, .. parts[1..]]);

    private string? TryMakeParent(string name, string[] parts) =>
        parts.Length <= 1 || TryMakeFolder(name, parts[..^1]) is not null ? PathOf(parts) : null;

    private string? TryMakeFolder(string name, string[] parts)
    {
        var path = PathOf(parts);
        if (_checkedFolders.Contains(path))
            return path;

        if (parts.Length > 1 && TryMakeFolder(name, parts[..^1]) is null)
            return null;

        // The target too: its name comes from the sandbox, and an earlier copy may have left a link of that name.
        var folder = new DirectoryInfo(path);
        if (folder.LinkTarget is not null)
        {
            Refuse(name, "would be written through a link");
            return null;
        }

        if (File.Exists(path))
            throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' is a file where a folder is to be copied.", path, "Move it away or choose another destination.");

        folder.Create();
        _checkedFolders.Add(path);
        return path;
    }

    // Takes away what is there, a link itself and not what it points to.
    private bool TryClear(string path, string name)
    {
        if (new FileInfo(path) is { LinkTarget: null, Exists: false } && !Directory.Exists(path))
            return true;

        if (Directory.Exists(path) && new DirectoryInfo(path).LinkTarget is null)
        {
            Refuse(name, "is a file where a folder is");
            return false;
        }

        File.Delete(path);
        return true;
    }

    private static bool StaysInside(string target, int depth)
    {
        var parts = target.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var up = parts.TakeWhile(part => part is ".." or ".").Count(part => part == "..");
        return target.Length > 0 && !target.StartsWith('/') && !target.Contains('\0', StringComparison.Ordinal)
            && up < Math.Max(depth, 1) && parts.SkipWhile(part => part is ".." or ".").All(part => part != "..")
            && !(OperatingSystem.IsWindows() && target.AsSpan().IndexOfAny('\\', ':') >= 0);
    }

    private void Refuse(string name, string reason) => _refused.Add(new RefusedEntry(name, reason));

    private static string Describe(TarEntryType type) => type switch
    {
        TarEntryType.BlockDevice or TarEntryType.CharacterDevice => "device",
        TarEntryType.Fifo => "pipe",
        _ => $"entry of the unknown type '{(char)type}'",
    };
}
