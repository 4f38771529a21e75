using System.Text.Json.Serialization;

namespace FlourishaSandbox.Envd.Filesystem;

/// <summary>What an entry is.</summary>
[JsonConverter(typeof(FileTypeConverter))]
public enum FileType
{
    /// <summary>A device, a pipe or a socket.</summary>
    Unspecified = 0,

    /// <summary>A regular file.</summary>
    File = 1,

    /// <summary>A folder.</summary>
    Directory = 2,

    /// <summary>A symbolic link.</summary>
    Symlink = 3,
}

/// <summary>Writes <see cref="FileType"/>s.</summary>
public sealed class FileTypeConverter() : ProtoEnumConverter<FileType>("FILE_TYPE_");

/// <summary>What happened in a folder.</summary>
[JsonConverter(typeof(EventTypeConverter))]
public enum EventType
{
    /// <summary>Nothing that has a name.</summary>
    Unspecified = 0,

    /// <summary>Something was made, or came from elsewhere.</summary>
    Create = 1,

    /// <summary>Something was written to.</summary>
    Write = 2,

    /// <summary>Something was removed.</summary>
    Remove = 3,

    /// <summary>Something got another name, and had this one.</summary>
    Rename = 4,

    /// <summary>Permissions, owner or times changed.</summary>
    Chmod = 5,
}

/// <summary>Writes <see cref="EventType"/>s.</summary>
public sealed class EventTypeConverter() : ProtoEnumConverter<EventType>("EVENT_TYPE_");

/// <summary>A file or folder.</summary>
public sealed record EntryInfo
{
    /// <summary>The last component of the path.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it is; of a link that leads somewhere, what it leads to. <see cref="FileType.Symlink"/> is a link that leads nowhere.</summary>
    public FileType Type { get; init; }

    /// <summary>The absolute path.</summary>
    public string Path { get; init; } = "";

    /// <summary>Size in bytes.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString | JsonNumberHandling.AllowReadingFromString)]
    public long Size { get; init; }

    /// <summary>The permission bits.</summary>
    public int Mode { get; init; }

    /// <summary>Type and permissions as <c>ls -l</c> writes them.</summary>
    public string Permissions { get; init; } = "";

    /// <summary>The user that it belongs to; the number where the number has no name.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The group that it belongs to.</summary>
    public string Group { get; init; } = "";

    /// <summary>When its content last changed.</summary>
    public DateTimeOffset? ModifiedTime { get; init; }

    /// <summary>Where a link leads in the end, as an absolute path; what it says where it leads nowhere; null for all others.</summary>
    public string? SymlinkTarget { get; init; }

    /// <summary>What clients said about it when they wrote it; null where that is nothing.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>More than E2B's protocol says; with Stat, and of links.</summary>
    public EntryDetails? Flourisha { get; init; }
}

/// <summary>More about an entry.</summary>
/// <param name="Writable">Whether the sandbox's user may write to it.</param>
/// <param name="LinkTarget">What a link points to, as it says; null for all others.</param>
public sealed record EntryDetails(bool Writable, string? LinkTarget = null);

/// <summary>Asks what is at a path.</summary>
/// <param name="Path">The path.</param>
public sealed record StatRequest(string Path = "");

/// <summary>Makes a folder, with those above it.</summary>
/// <param name="Path">The path.</param>
public sealed record MakeDirRequest(string Path = "");

/// <summary>Moves or renames.</summary>
/// <param name="Source">The path that it has.</param>
/// <param name="Destination">The path that it gets.</param>
public sealed record MoveRequest(string Source = "", string Destination = "");

/// <summary>Removes a file, or a folder with all that is in it. A link is removed itself.</summary>
/// <param name="Path">The path.</param>
public sealed record RemoveRequest(string Path = "");

/// <summary>The entry that was asked about, made or moved.</summary>
/// <param name="Entry">The entry.</param>
public sealed record EntryResponse(EntryInfo? Entry = null);

/// <summary>Lists a folder. Links are not followed.</summary>
public sealed record ListDirRequest
{
    /// <summary>The path.</summary>
    public string Path { get; init; } = "";

    /// <summary>How many levels; 1 where nothing is said, 0 counts as 1.</summary>
    public int Depth { get; init; }
}

/// <summary>A folder's entries.</summary>
/// <param name="Entries">Ordered by path.</param>
public sealed record ListDirResponse(IReadOnlyList<EntryInfo>? Entries = null);

/// <summary>Watches a folder.</summary>
public sealed record WatchRequest
{
    /// <summary>The path.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether to watch all folders below it too, also those that come.</summary>
    public bool Recursive { get; init; }

    /// <summary>Whether events bear their entry, where there still is one.</summary>
    public bool IncludeEntry { get; init; }

    /// <summary>Whether network file systems are allowed, where changes made elsewhere are not seen.</summary>
    public bool AllowNetworkMounts { get; init; }
}

/// <summary>What happened.</summary>
public sealed record FilesystemEvent
{
    /// <summary>The path below the folder that is watched.</summary>
    public string Name { get; init; } = "";

    /// <summary>What happened to it.</summary>
    public EventType Type { get; init; }

    /// <summary>The entry, where it was asked for and still exists.</summary>
    public EntryInfo? Entry { get; init; }
}

/// <summary>Each message of the stream WatchDir: one of the three.</summary>
public sealed record WatchDirResponse
{
    /// <summary>The folder is watched from now on; the first message.</summary>
    public WatchStart? Start { get; init; }

    /// <summary>Something happened.</summary>
    public FilesystemEvent? Filesystem { get; init; }

    /// <summary>Nothing, but the stream lives.</summary>
    public Process.KeepAliveEvent? Keepalive { get; init; }
}

/// <summary>A folder is watched.</summary>
public sealed record WatchStart;

/// <summary>The name of a watcher that was made.</summary>
/// <param name="WatcherId">The name.</param>
public sealed record CreateWatcherResponse(string WatcherId = "");

/// <summary>Says which watcher is meant.</summary>
/// <param name="WatcherId">The name.</param>
public sealed record WatcherRequest(string WatcherId = "");

/// <summary>What a watcher saw since it was last asked.</summary>
/// <param name="Events">In their order.</param>
public sealed record GetWatcherEventsResponse(IReadOnlyList<FilesystemEvent>? Events = null);
