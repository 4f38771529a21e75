using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>What a <see cref="SandboxItem"/> is.</summary>
public enum SandboxItemType
{
    /// <summary>A regular file.</summary>
    File,

    /// <summary>A folder.</summary>
    Directory,

    /// <summary>A symbolic link.</summary>
    Link,

    /// <summary>A device, a pipe or a socket.</summary>
    Other,
}

/// <summary>A file or folder in a sandbox.</summary>
public sealed record SandboxItem
{
    /// <summary>The sandbox that it is in.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The absolute path.</summary>
    public required string Path { get; init; }

    /// <summary>The last component of the path.</summary>
    public string Name => SandboxPath.Name(Path);

    /// <summary>What it is.</summary>
    public required SandboxItemType Type { get; init; }

    /// <summary>Size in bytes.</summary>
    public long Size { get; init; }

    /// <summary>When its content last changed, by the sandbox's clock.</summary>
    public DateTimeOffset Modified { get; init; }

    /// <summary>The user that it belongs to; the number where the number has no name.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The group that it belongs to.</summary>
    public string Group { get; init; } = "";

    /// <summary>The permission bits.</summary>
    public UnixFileMode Permissions { get; init; }

    /// <summary>What a link points to; null for all others.</summary>
    public string? LinkTarget { get; init; }

    /// <summary>Type and permissions as <c>ls -l</c> writes them, for example <c>drwxr-xr-x</c>.</summary>
    public string Mode
    {
        get
        {
            var text = new StringBuilder(Type switch { SandboxItemType.Directory => "d", SandboxItemType.Link => "l", SandboxItemType.File => "-", _ => "?" });
            for (var bit = 8; bit >= 0; bit--)
                text.Append(((int)Permissions >> bit & 1) == 0 ? '-' : "xwr"[bit % 3]);

            if (Permissions.HasFlag(UnixFileMode.SetUser))
                text[3] = text[3] == 'x' ? 's' : 'S';

            if (Permissions.HasFlag(UnixFileMode.SetGroup))
                text[6] = text[6] == 'x' ? 's' : 'S';

            if (Permissions.HasFlag(UnixFileMode.StickyBit))
                text[9] = text[9] == 'x' ? 't' : 'T';

            return text.ToString();
        }
    }

    /// <summary>The path.</summary>
    /// <returns><see cref="Path"/>.</returns>
    public override string ToString() => Path;
}
