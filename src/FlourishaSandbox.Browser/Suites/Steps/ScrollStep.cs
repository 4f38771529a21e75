using System.Globalization;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Scrolls the page: to an element, to its end or beginning, or by a distance.</summary>
/// <param name="Target">The element; null for none.</param>
/// <param name="Edge">The end or beginning; null for none.</param>
/// <param name="Distance">CSS pixels downwards, where there is neither.</param>
internal sealed record ScrollStep(ElementSelector? Target, ScrollEdge? Edge, int Distance) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static ScrollStep Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar || (node is SuiteMap map && !map.Entries.Any(entry => entry.Key is "to" or "by")))
            return new ScrollStep(ElementSelector.Read(source, node), null, 0);

        var fields = new SuiteFields(source, node, SuiteShapes.Scroll);
        if (fields.Entries.Count != 1)
            throw source.Fault(fields.Line, "it is to be scrolled in two ways", "Write 'to' or 'by'.");

        return new ScrollStep(null, fields.Word<ScrollEdge>("to"), fields.Whole("by", -100_000, 100_000) ?? 0);
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => Target is not null
        ? page.ActAsync(Target, Timeout, (element, limit) => element.ScrollIntoViewIfNeededAsync(new() { Timeout = limit }))
        : page.ActAsync(Timeout, _ => page.Page.EvaluateAsync(Edge switch
        {
            ScrollEdge.Top => "() => window.scrollTo(0, 0)",
            ScrollEdge.Bottom => "() => window.scrollTo(0, document.documentElement.scrollHeight)",
            _ => string.Create(CultureInfo.InvariantCulture, $"() => window.scrollBy(0, {Distance})"),
        }));

    /// <inheritdoc/>
    protected override string Describe() => Target is not null ? $"scroll to {Target}" : Edge is { } edge ? $"scroll to the {edge.ToString().ToLowerInvariant()}" : string.Create(CultureInfo.InvariantCulture, $"scroll by {Distance}");
}
