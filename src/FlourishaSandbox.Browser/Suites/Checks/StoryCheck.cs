using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Checks;

/// <summary>What a person does on a page, and sees there.</summary>
internal sealed record StoryCheck : PageCheck
{
    /// <inheritdoc/>
    public override AppTestKind Kind => AppTestKind.Story;

    /// <summary>Reads one.</summary>
    public static StoryCheck Read(SuiteSource source, SuiteNode node, SuiteViewports viewports)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Story);
        var steps = ReadSteps(fields);
        return new StoryCheck
        {
            Name = fields.RequireText("name"),
            Tags = fields.Texts("tags"),
            Timeout = fields.Span("timeout"),
            Path = fields.Path("path"),
            Viewports = ReadViewports(fields, viewports),
            ColorScheme = fields.Word<SuiteColorScheme>("colorScheme"),
            Steps = steps.Count > 0 ? steps : throw source.Fault(fields.Line, "a story has no steps", "Add 'steps:' with a list."),
        };
    }
}
