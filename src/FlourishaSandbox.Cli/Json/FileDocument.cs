using System.Globalization;
using FlourishaSandbox.Files;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A file or folder in a sandbox.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Name">Its last component.</param>
/// <param name="Type">What it is.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Modified">When its content last changed.</param>
/// <param name="Mode">The permission bits in octal, such as 0644.</param>
/// <param name="Owner">The user.</param>
/// <param name="Group">The group.</param>
/// <param name="LinkTarget">What a link points to; null for all others.</param>
internal sealed record FileDocument(string Path, string Name, SandboxItemType Type, long Size, DateTimeOffset Modified, string Mode, string Owner, string Group, string? LinkTarget)
{
    /// <summary>The document for an item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The document.</returns>
    public static FileDocument For(SandboxItem item) =>
        new(item.Path, item.Name, item.Type, item.Size, item.Modified, Convert.ToString((int)item.Permissions, 8).PadLeft(4, '0').ToString(CultureInfo.InvariantCulture), item.Owner, item.Group, item.LinkTarget);
}
