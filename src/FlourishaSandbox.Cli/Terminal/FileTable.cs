using System.Globalization;
using FlourishaSandbox.Files;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Files as <c>ls -l</c> shows them.</summary>
internal static class FileTable
{
    /// <summary>The table of files.</summary>
    /// <param name="items">The files.</param>
    /// <param name="name">How each is called.</param>
    /// <returns>The table.</returns>
    public static Table For(IEnumerable<SandboxItem> items, Func<SandboxItem, string> name)
    {
        var table = new Table("MODE", "OWNER", "GROUP", ">SIZE", "MODIFIED", "NAME");
        foreach (var item in items)
            table.Add(item.Mode, item.Owner, item.Group, item.Size.ToString(CultureInfo.InvariantCulture), TimeText.Moment(item.Modified), item.LinkTarget is null ? name(item) : $"{name(item)} -> {item.LinkTarget}");

        return table;
    }
}
