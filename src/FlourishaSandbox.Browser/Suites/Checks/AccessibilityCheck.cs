using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Checks;

/// <summary>Whether a page can be used by everybody, as far as axe-core finds out.</summary>
internal sealed record AccessibilityCheck : PageCheck
{
    /// <inheritdoc/>
    public override AppTestKind Kind => AppTestKind.Accessibility;

    /// <summary>A part of the page, as CSS; null for all of it.</summary>
    public string? Of { get; init; }

    /// <summary>Parts that are left out, as CSS.</summary>
    public required IReadOnlyList<string> Exclude { get; init; }

    /// <summary>From which impact on a finding fails the check.</summary>
    public AccessibilityImpact Impact { get; init; }

    /// <summary>The standards whose rules hold, by axe-core's tags such as <c>wcag2aa</c>; empty for all rules but the experimental.</summary>
    public required IReadOnlyList<string> Standards { get; init; }

    /// <summary>Rules that do not hold, by axe-core's ids.</summary>
    public required IReadOnlyList<string> SkipRules { get; init; }

    /// <summary>Reads one.</summary>
    public static AccessibilityCheck Read(SuiteSource source, SuiteNode node, SuiteViewports viewports)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Accessibility);
        return new AccessibilityCheck
        {
            Name = fields.RequireText("name"),
            Tags = fields.Texts("tags"),
            Timeout = fields.Span("timeout"),
            Path = fields.Path("path"),
            Viewports = ReadViewports(fields, viewports),
            ColorScheme = fields.Word<SuiteColorScheme>("colorScheme"),
            Steps = ReadSteps(fields),
            Of = fields.Text("of"),
            Exclude = fields.Texts("exclude"),
            Impact = fields.Word<AccessibilityImpact>("impact") ?? AccessibilityImpact.Moderate,
            Standards = [.. fields.Texts("standards").Select(text => Identifier(fields, "standards", text))],
            SkipRules = [.. fields.Texts("skipRules").Select(text => Identifier(fields, "skipRules", text))],
        };
    }

    private static string Identifier(SuiteFields fields, string key, string text) =>
        text.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '.')
            ? text
            : throw fields.Source.Fault(fields.Find(key)!.Line, $"'{Excerpt.Of(text)}' is no name of axe-core's", "Write names such as wcag2aa or color-contrast.");
}
