using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Waits until an element can be seen.</summary>
/// <param name="Target">The element.</param>
internal sealed record WaitStep(ElementSelector Target) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static WaitStep Read(SuiteSource source, SuiteNode node) => new(ElementSelector.Read(source, node));

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ExpectAsync(new PageExpectation { Of = Target, IsVisible = true }, Timeout);

    /// <inheritdoc/>
    protected override string Describe() => $"wait for {Target}";
}
