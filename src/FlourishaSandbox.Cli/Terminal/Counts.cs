using System.Globalization;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Numbers of things, in words.</summary>
internal static class Counts
{
    /// <summary>So many files.</summary>
    /// <param name="count">How many.</param>
    /// <returns>For example <c>1 file</c>, <c>12 files</c>.</returns>
    public static string Files(long count) => Of(count, "file", "files");

    /// <summary>So many sandboxes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>For example <c>1 sandbox</c>, <c>12 sandboxes</c>.</returns>
    public static string Sandboxes(long count) => Of(count, "sandbox", "sandboxes");

    private static string Of(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
