using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Evaluates JavaScript in the page.</summary>
/// <param name="Code">An expression, or statements with a <c>return</c>.</param>
/// <param name="Expected">What its value is expected to be; null for anything.</param>
internal sealed record ScriptStep(string Code, ValueMatcher? Expected) : StoryStep
{
    /// <summary>The most characters of a value's JSON.</summary>
    private const int MaximumLength = 1 << 20;

    /// <summary>Reads one.</summary>
    public static ScriptStep Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar { IsNull: false, Text.Length: > 0 } code)
            return new ScriptStep(code.Text, null);

        var fields = new SuiteFields(source, node, SuiteShapes.Script);
        return new ScriptStep(fields.RequireText("run"), fields.Find("expect") is { } expect ? ValueMatcher.Read(source, expect, isText: false) : null);
    }

    /// <inheritdoc/>
    public override async Task RunAsync(StoryPage page)
    {
        // Cut off in the page: what a script makes there can be as large as the browser's memory.
        var code = page.Variables.Expand(Code);
        var wrapped = $"async () => {{ const value = await ({(IsStatements(code) ? $"(async () => {{ {code}\n }})()" : $"{code}\n")}); return (JSON.stringify(value) ?? 'null').slice(0, {MaximumLength + 1}); }}";
        var json = "null";
        await page.ActAsync(Timeout, async _ => json = await page.Page.EvaluateAsync<string>(wrapped).ConfigureAwait(false)).ConfigureAwait(false);
        if (Expected is null)
            return;

        if (json.Length > MaximumLength)
            throw new CheckFailedException("The script's value is longer than 1 Mi characters.");

        if (Expected.Explain(exists: true, Parse(json), page.Variables) is { } problem)
            throw new CheckFailedException($"The script's value {problem}.");
    }

    /// <inheritdoc/>
    protected override string Describe() => $"script {Excerpt.Of(Code, 60)}";

    private static bool IsStatements(string code) => code.Contains("return ", StringComparison.Ordinal) || code.Contains("return;", StringComparison.Ordinal);

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException e)
        {
            throw new CheckFailedException("The script's value is no JSON.", e);
        }
    }
}
