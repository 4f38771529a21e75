using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>What a suite's file says.</summary>
internal sealed record SuiteContent
{
    /// <summary>The suite's name.</summary>
    public required string Name { get; init; }

    /// <summary>The app.</summary>
    public required AppUnderTest App { get; init; }

    /// <summary>What the person in front of its pages has chosen.</summary>
    public required BrowserChoice Browser { get; init; }

    /// <summary>What its pages' console may say.</summary>
    public required ConsoleRules Console { get; init; }

    /// <summary>How long each check may take, where it does not say so itself.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>What its variables are at first.</summary>
    public required IReadOnlyDictionary<string, JsonNode?> Variables { get; init; }

    /// <summary>Its checks, in the order of the file.</summary>
    public required IReadOnlyList<SuiteCheck> Checks { get; init; }
}
