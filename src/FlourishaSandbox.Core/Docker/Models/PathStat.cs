using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>What the engine says about a path in a container.</summary>
internal sealed record PathStat
{
    private const uint DirectoryBit = 1u << 31;
    private const uint SymbolicLinkBit = 1u << 27;

    /// <summary>The last segment.</summary>
    [JsonPropertyName("name")]
    public string Name { get; init; } = "";

    /// <summary>The size, in bytes.</summary>
    [JsonPropertyName("size")]
    public long Size { get; init; }

    /// <summary>Kind and permissions as Go's os.FileMode has them: the lowest nine bits are the permissions.</summary>
    [JsonPropertyName("mode")]
    public uint Mode { get; init; }

    /// <summary>When it was last changed.</summary>
    [JsonPropertyName("mtime")]
    public DateTimeOffset ModifiedAt { get; init; }

    /// <summary>Where a symbolic link leads; empty for others.</summary>
    [JsonPropertyName("linkTarget")]
    public string LinkTarget { get; init; } = "";

    /// <summary>Whether it is a folder.</summary>
    [JsonIgnore]
    public bool IsDirectory => (Mode & DirectoryBit) != 0;

    /// <summary>Whether it is a symbolic link.</summary>
    [JsonIgnore]
    public bool IsSymbolicLink => (Mode & SymbolicLinkBit) != 0;

    /// <summary>The permissions of owner, group and others.</summary>
    [JsonIgnore]
    public UnixFileMode Permissions => (UnixFileMode)(Mode & 0x1FF);
}
