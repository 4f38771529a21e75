using FlourishaSandbox.Browser.Suites.Reading;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>How a suite says which element of a page is meant. A plain text is CSS.</summary>
internal sealed record ElementSelector
{
    private static readonly string[] s_ways = ["css", "text", "role", "label", "testId"];

    /// <summary>By which of css, text, role, label and testId.</summary>
    public required string By { get; init; }

    /// <summary>The CSS, words, role, label or test id.</summary>
    public required string Value { get; init; }

    /// <summary>The accessible name, with a role; null for any.</summary>
    public string? Name { get; init; }

    /// <summary>Whether words must be the same and not only contained, in upper and lower case too. Where nothing is said, names of roles are exact, texts and labels are not.</summary>
    public bool? Exact { get; init; }

    /// <summary>Which of several, from 1; null where there must be one.</summary>
    public int? Nth { get; init; }

    /// <summary>Reads one.</summary>
    public static ElementSelector Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar { IsText: true, Text.Length: > 0 } css)
            return new ElementSelector { By = "css", Value = css.Text };

        if (node is SuiteScalar scalar)
            throw source.Fault(node.Line, $"'{Excerpt.Of(scalar.Text)}' names no element", "Write CSS, or a group with css, text, role and name, label or testId.");

        var fields = new SuiteFields(source, node, SuiteShapes.Selector);
        var ways = s_ways.Where(way => fields.Find(way) is not null).ToList();
        if (ways.Count != 1)
            throw source.Fault(node.Line, ways.Count == 0 ? "an element is meant by nothing" : $"an element is meant by {string.Join(" and ", ways)}", "Write one of css, text, role with name, label and testId.");

        if (fields.Find("name") is { } name && ways[0] != "role")
            throw source.Fault(name.Line, $"'name' stands beside {ways[0]}", "A name goes with a role, as in { role: button, name: Save }.");

        var value = fields.RequireText(ways[0]);
        if (ways[0] == "role" && !value.Contains("${", StringComparison.Ordinal) && ParseRole(value) is null)
            throw source.Fault(fields.Find("role")!.Line, $"'{Excerpt.Of(value)}' is no role", "Write one of ARIA's, such as button, link, textbox, heading, listitem or status.");

        return new ElementSelector
        {
            By = ways[0],
            Value = value,
            Name = fields.Text("name"),
            Exact = fields.Flag("exact"),
            Nth = fields.Whole("nth", 1, 10_000),
        };
    }

    /// <summary>Reads a role of ARIA.</summary>
    /// <param name="text">The role, such as <c>button</c>.</param>
    /// <returns>The role; null where it is none.</returns>
    public static AriaRole? ParseRole(string text) => text.All(char.IsAsciiLetter) && Enum.TryParse<AriaRole>(text, ignoreCase: true, out var role) ? role : null;

    /// <summary>How steps and messages name it.</summary>
    /// <returns>For example <c>button "5"</c> or <c>css .display</c>.</returns>
    public override string ToString() => (By == "role" ? Value + (Name is null ? "" : $" \"{Name}\"") : By == "css" ? Value : $"{(By == "testId" ? "test id" : By)} \"{Value}\"") + (Nth is null ? "" : $" no. {Nth}");
}
