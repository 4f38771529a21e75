using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Opens another path of the app.</summary>
/// <param name="Path">The path and query.</param>
internal sealed record GotoStep(string Path) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static GotoStep Read(SuiteSource source, SuiteNode node)
    {
        var path = (node as SuiteScalar)?.Text ?? "";
        return SuiteFields.IsPath(path) ? new GotoStep(path) : throw source.Fault(node.Line, $"'{Excerpt.Of(path)}' is no path of the app", "Begin it with one '/'.");
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.GotoAsync(Path, Timeout);

    /// <inheritdoc/>
    protected override string Describe() => $"go to {Path}";
}
