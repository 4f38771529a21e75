using System.Runtime.InteropServices;
using FlourishaSandbox.Agent.Files.Interop;
using FlourishaSandbox.Agent.Native;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Files;

/// <summary>Describes files and folders as the protocol has it.</summary>
internal static class Entries
{
    private static readonly AccountNames s_users = new("/etc/passwd");
    private static readonly AccountNames s_groups = new("/etc/group");

    /// <summary>Describes what is at a path.</summary>
    /// <param name="path">An absolute path.</param>
    /// <param name="details">Whether to ask the kernel whether it may be written to.</param>
    /// <exception cref="Envd.Connect.ConnectException">There is nothing, or no way there.</exception>
    public static EntryInfo Read(string path, bool details)
    {
        var error = TryRead(FileCalls.CurrentFolder, PathBytes.From(path), PathParts.Name(path), path, details, out var entry);
        return error == 0 ? entry! : throw Errno.ToLookupException(error, path);
    }

    /// <summary>Describes what is at a path, as far as there still is something.</summary>
    /// <returns>Null where there is nothing, or no way there.</returns>
    public static EntryInfo? Find(string path) =>
        TryRead(FileCalls.CurrentFolder, PathBytes.From(path), PathParts.Name(path), path, details: false, out var entry) == 0 ? entry : null;

    /// <summary>Describes an entry of an open folder.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="nameAndNul">Its name in there.</param>
    /// <param name="name">The name as text.</param>
    /// <param name="path">The path by which it is known.</param>
    /// <param name="details">Whether to ask the kernel whether it may be written to.</param>
    /// <param name="entry">The description.</param>
    /// <returns>0, or the error's number.</returns>
    public static unsafe int TryRead(int folder, ReadOnlySpan<byte> nameAndNul, string name, string path, bool details, out EntryInfo? entry)
    {
        fixed (byte* pointer = nameAndNul)
        {
            entry = null;
            var error = FileCalls.StatAt(folder, pointer, follow: false, out var stat);
            if (error != 0)
                return error;

            var target = stat;
            var isBroken = stat.IsLink && FileCalls.StatAt(folder, pointer, follow: true, out target) != 0;
            var link = stat.IsLink ? ReadLink(folder, nameAndNul) : null;
            entry = new EntryInfo
            {
                Name = name,
                Path = path,
                Type = isBroken ? FileType.Symlink : TypeOf(target),
                Size = stat.Size,
                Mode = isBroken ? 0 : target.Mode & 0x1FF,
                Permissions = Permissions(stat),
                Owner = s_users.Find(stat.User),
                Group = s_groups.Find(stat.Group),
                ModifiedTime = Time(stat),
                Metadata = stat.IsFile || stat.IsFolder ? FileMetadata.Read(path) : null,
                SymlinkTarget = stat.IsLink ? (isBroken ? null : Resolve(path)) ?? link : null,
                Flourisha = details || stat.IsLink ? new EntryDetails(FileCalls.AccessAt(folder, pointer, FileCalls.MayWrite, 0) == 0, link) : null,
            };
            return 0;
        }
    }

    private static FileType TypeOf(in FileStat stat) =>
        stat.IsFile ? FileType.File : stat.IsFolder ? FileType.Directory : stat.IsLink ? FileType.Symlink : FileType.Unspecified;

    private static string? ReadLink(int folder, ReadOnlySpan<byte> nameAndNul) =>
        PathBytes.ReadLink(folder, nameAndNul, out _) is { } bytes ? PathBytes.ToText(bytes) : null;

    private static unsafe string? Resolve(string path)
    {
        var buffer = stackalloc byte[EnvdProtocol.MaximumPath + 1];
        fixed (byte* pointer = PathBytes.From(path))
            return FileCalls.RealPath(pointer, buffer) is not null ? PathBytes.ToText(MemoryMarshal.CreateReadOnlySpanFromNullTerminated(buffer)) : null;
    }

    private static string Permissions(in FileStat stat) => string.Create(10, (stat.TypeLetter, stat.Mode), static (text, of) =>
    {
        const string Letters = "rwxrwxrwx";
        text[0] = of.TypeLetter;
        for (var i = 0; i < 9; i++)
            text[i + 1] = (of.Mode & (0x100 >> i)) != 0 ? Letters[i] : '-';

        Mark(text, 3, 's', (of.Mode & 0x800) != 0);
        Mark(text, 6, 's', (of.Mode & 0x400) != 0);
        Mark(text, 9, 't', (of.Mode & 0x200) != 0);
    });

    private static void Mark(Span<char> text, int at, char letter, bool isSet)
    {
        if (isSet)
            text[at] = text[at] == 'x' ? letter : char.ToUpperInvariant(letter);
    }

    // A file's time can be beyond what a calendar has.
    private static DateTimeOffset? Time(in FileStat stat) =>
        stat.ModifiedSeconds is >= -62135596800 and <= 253402300799 and var seconds
            ? DateTimeOffset.FromUnixTimeSeconds(seconds).AddTicks(stat.ModifiedNanoseconds / 100)
            : null;
}
