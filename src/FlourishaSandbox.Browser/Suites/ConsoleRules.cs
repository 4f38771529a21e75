using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>What pages may write to their console, and which of their requests may fail.</summary>
internal sealed record ConsoleRules
{
    /// <summary>Whether it is looked at.</summary>
    public bool IsChecked { get; init; } = true;

    /// <summary>Errors that are none.</summary>
    public IReadOnlyList<Regex> Allowed { get; init; } = [];

    /// <summary>Failed requests that do not count, by their URL.</summary>
    public IReadOnlyList<Regex> AllowedRequests { get; init; } = [];

    /// <summary>Reads them; <c>false</c> is for not looking.</summary>
    public static ConsoleRules Read(SuiteFields suite)
    {
        if (suite.Find("console") is not { } node)
            return new ConsoleRules();

        if (node is SuiteScalar { IsFlag: true })
            return new ConsoleRules { IsChecked = suite.Flag("console")!.Value };

        var fields = new SuiteFields(suite.Source, node, SuiteShapes.Console);
        return new ConsoleRules { Allowed = Patterns(fields, "allow"), AllowedRequests = Patterns(fields, "allowRequests") };
    }

    /// <summary>Whether one of several patterns matches; one that takes too long does not.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="text">The text, which is the app's.</param>
    /// <returns>True where one does.</returns>
    public static bool Matches(IReadOnlyList<Regex> patterns, string text)
    {
        try
        {
            return patterns.Any(pattern => pattern.IsMatch(text));
        }
        catch (RegexMatchTimeoutException)
        {
            // What makes a pattern search for ever is not what its author wanted to allow.
            return false;
        }
    }

    private static IReadOnlyList<Regex> Patterns(SuiteFields fields, string key) => [.. fields.Texts(key).Select(pattern => ValueMatcher.CheckPattern(fields.Source, fields.Find(key)!, pattern))];
}
