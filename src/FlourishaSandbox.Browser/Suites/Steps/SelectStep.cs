using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Chooses an option of a list.</summary>
/// <param name="In">The list.</param>
/// <param name="Option">The option, by its words or its value.</param>
internal sealed record SelectStep(ElementSelector In, string Option) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static SelectStep Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Select);
        return new SelectStep(ElementSelector.Read(source, fields.Require("in")), fields.RequireText("option"));
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ActAsync(In, Timeout, async (element, limit) =>
    {
        // Playwright takes a text for the value or the words, but waits in silence for one that is not there.
        var wanted = page.Variables.Expand(Option);
        var options = await element.EvaluateAsync<string[]>("list => [...(list.options ?? [])].slice(0, 100).flatMap(option => [option.value, option.label.trim()]).map(text => text.slice(0, 100))").ConfigureAwait(false);
        if (options is { Length: > 0 } && !options.Contains(wanted))
            throw new CheckFailedException($"{In} has no option {Excerpt.Quote(wanted)}. It has {Excerpt.Of(string.Join(", ", options.Where((_, index) => index % 2 == 1)))}.");

        await element.SelectOptionAsync(wanted, new() { Timeout = limit }).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    protected override string Describe() => $"select \"{Option}\" in {In}";
}
