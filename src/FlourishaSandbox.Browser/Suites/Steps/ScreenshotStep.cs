using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Takes a picture for the report.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Of">The element; null for the page.</param>
/// <param name="FullPage">Whether the whole page is wanted, and not only what can be seen.</param>
internal sealed record ScreenshotStep(string Title, ElementSelector? Of, bool FullPage) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static ScreenshotStep Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar { IsNull: false, Text.Length: > 0 } title)
            return new ScreenshotStep(title.Text, null, FullPage: false);

        var fields = new SuiteFields(source, node, SuiteShapes.Screenshot);
        if (fields.Find("of") is { } both && fields.Flag("fullPage") == true)
            throw source.Fault(both.Line, "both an element and the full page are wanted", "Remove 'of' or 'fullPage'.");

        return new ScreenshotStep(fields.RequireText("name"), fields.Find("of") is { } of ? ElementSelector.Read(source, of) : null, fields.Flag("fullPage") ?? false);
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.TakeAsync(page.Variables.Expand(Title), Of, FullPage, Timeout);

    /// <inheritdoc/>
    protected override string Describe() => $"screenshot \"{Title}\"";
}
