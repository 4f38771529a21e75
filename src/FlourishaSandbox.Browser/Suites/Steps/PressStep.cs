using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Presses a key, or several together.</summary>
/// <param name="Key">The key by its name in browsers, such as <c>Enter</c>, <c>a</c> or <c>Control+A</c>.</param>
/// <param name="On">The element that has the focus then; null for the one that has it.</param>
internal sealed record PressStep(string Key, ElementSelector? On) : StoryStep
{
    /// <summary>Reads one.</summary>
    public static PressStep Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar { IsNull: false, Text.Length: > 0 } key)
            return new PressStep(key.Text, null);

        var fields = new SuiteFields(source, node, SuiteShapes.Press);
        return new PressStep(fields.RequireText("key"), fields.Find("on") is { } on ? ElementSelector.Read(source, on) : null);
    }

    /// <inheritdoc/>
    public override Task RunAsync(StoryPage page) => On is null
        ? page.ActAsync(Timeout, _ => page.Page.Keyboard.PressAsync(page.Variables.Expand(Key)))
        : page.ActAsync(On, Timeout, (element, limit) => element.PressAsync(page.Variables.Expand(Key), new() { Timeout = limit }));

    /// <inheritdoc/>
    protected override string Describe() => On is null ? $"press {Key}" : $"press {Key} on {On}";
}
