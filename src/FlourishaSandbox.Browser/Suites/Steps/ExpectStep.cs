using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Waits until a page is as expected.</summary>
/// <param name="Expectation">What is expected.</param>
internal sealed record ExpectStep(PageExpectation Expectation) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static ExpectStep Read(SuiteSource source, SuiteNode node) => new(PageExpectation.Read(source, node));

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ExpectAsync(Expectation, Timeout);

    /// <inheritdoc/>
    protected override string Describe() => $"expect {Expectation}";
}
