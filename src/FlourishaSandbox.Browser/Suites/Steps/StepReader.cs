using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Reads steps: each is a group with one key that says what is done.</summary>
internal static class StepReader
{
    private static readonly Dictionary<string, Func<SuiteSource, SuiteNode, StoryStep>> s_readers = new()
    {
        ["goto"] = GotoStep.Read,
        ["click"] = ClickStep.Read,
        ["type"] = TypeStep.Read,
        ["press"] = PressStep.Read,
        ["select"] = SelectStep.Read,
        ["hover"] = HoverStep.Read,
        ["scroll"] = ScrollStep.Read,
        ["waitFor"] = WaitStep.Read,
        ["screenshot"] = ScreenshotStep.Read,
        ["script"] = ScriptStep.Read,
        ["expect"] = ExpectStep.Read,
    };

    /// <summary>Reads one.</summary>
    /// <param name="source">The file.</param>
    /// <param name="node">The step.</param>
    /// <returns>The step.</returns>
    public static StoryStep Read(SuiteSource source, SuiteNode node)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Step);
        var actions = fields.Entries.Where(entry => s_readers.ContainsKey(entry.Key)).ToList();
        if (actions.Count != 1)
            throw source.Fault(fields.Line, actions.Count == 0 ? "a step does nothing" : $"a step does both {actions[0].Key} and {actions[1].Key}", $"Write one of {string.Join(", ", s_readers.Keys)}; what comes next is a step of its own, with a '-' before it.");

        return s_readers[actions[0].Key](source, actions[0].Value) with { Name = fields.Text("name"), Timeout = fields.Span("timeout") ?? StoryStep.DefaultTimeout };
    }
}
