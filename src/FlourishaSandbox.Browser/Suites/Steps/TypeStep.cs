using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Fills a field, in place of what is in it.</summary>
/// <param name="Into">The field.</param>
/// <param name="Words">What is typed; may be empty.</param>
internal sealed record TypeStep(ElementSelector Into, string Words) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static TypeStep Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Type);
        return new TypeStep(ElementSelector.Read(source, fields.Require("into")), fields.ToText(fields.Require("text"), "text", canBeEmpty: true));
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => page.ActAsync(Into, Timeout, (element, limit) => element.FillAsync(page.Variables.Expand(Words), new() { Timeout = limit }));

    // Not what is typed: it may be a password, and results are kept.
    /// <inheritdoc/>
    protected override string Describe() => $"type into {Into}";
}
