using System.Globalization;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Numbers of things, in words.</summary>
internal static class Counts
{
    private const int NamedItems = 5;

    /// <summary>So many files.</summary>
    /// <param name="count">How many.</param>
    /// <returns>For example <c>1 file</c>, <c>12 files</c>.</returns>
    public static string Files(long count) => Of(count, "file", "files");

    /// <summary>So many sandboxes.</summary>
    /// <param name="count">How many.</param>
    /// <returns>For example <c>1 sandbox</c>, <c>12 sandboxes</c>.</returns>
    public static string Sandboxes(long count) => Of(count, "sandbox", "sandboxes");

    /// <summary>The first few of many, by name.</summary>
    /// <typeparam name="T">What they are.</typeparam>
    /// <param name="items">All of them.</param>
    /// <returns>For example <c>sh (12), node (17)</c>, or five names and <c>and 8 more</c>.</returns>
    public static string Some<T>(IReadOnlyList<T> items) =>
        string.Join(", ", items.Take(NamedItems)) + (items.Count > NamedItems ? string.Create(CultureInfo.InvariantCulture, $" and {items.Count - NamedItems} more") : "");

    private static string Of(long count, string one, string many) => string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");
}
