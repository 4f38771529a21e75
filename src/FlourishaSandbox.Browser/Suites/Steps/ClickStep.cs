using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Clicks an element.</summary>
/// <param name="Target">The element.</param>
internal sealed record ClickStep(ElementSelector Target) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static ClickStep Read(SuiteSource source, SuiteNode node) => new(ElementSelector.Read(source, node));

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ActAsync(Target, Timeout, (element, limit) => element.ClickAsync(new() { Timeout = limit }));

    /// <inheritdoc/>
    protected override string Describe() => $"click {Target}";
}
