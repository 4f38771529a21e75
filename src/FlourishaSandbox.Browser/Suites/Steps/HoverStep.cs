using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Moves the pointer over an element.</summary>
/// <param name="Target">The element.</param>
internal sealed record HoverStep(ElementSelector Target) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static HoverStep Read(SuiteSource source, SuiteNode node) => new(ElementSelector.Read(source, node));

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ActAsync(Target, Timeout, (element, limit) => element.HoverAsync(new() { Timeout = limit }));

    /// <inheritdoc/>
    protected override string Describe() => $"hover over {Target}";
}
