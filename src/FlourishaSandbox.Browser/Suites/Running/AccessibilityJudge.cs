using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Deque.AxeCore.Commons;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Browser.Suites.Pages;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Has axe-core look for what shuts people out of a page.</summary>
internal static class AccessibilityJudge
{
    private const int MaximumAnswer = 1 << 20;
    private const int MostFrames = 20;
    private const int MostNamed = 5;

    // Counted and cut off in the page: what breaks a rule a million times says nothing more than what breaks it fifty times.
    private const string Script = """
        async ([of, excluded, options, maximum]) => {
            const context = { include: of ? [of] : [['html']], exclude: excluded };
            const found = await axe.run(context, JSON.parse(options));
            const findings = found.violations.slice(0, 100).map(rule => ({
                id: rule.id, impact: rule.impact, help: rule.help, count: rule.nodes.length,
                elements: rule.nodes.slice(0, 50).map(node => (node.target.flat().join(' ') + ': ' + (node.failureSummary ?? '').split('\n').slice(1).map(line => line.trim()).join('; ')).slice(0, 500)),
            }));
            const text = JSON.stringify(findings);
            return text.length > maximum ? JSON.stringify(findings.map(finding => ({ ...finding, elements: finding.elements.slice(0, 3) }))) : text;
        }
        """;

    private static readonly Lazy<string> s_axe = new(ReadAxe);

    /// <summary>Looks.</summary>
    /// <param name="check">The check.</param>
    /// <param name="story">The page.</param>
    /// <param name="scope">Takes what is found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends when nothing is in the way.</returns>
    /// <exception cref="CheckFailedException">Something is.</exception>
    public static async Task JudgeAsync(AccessibilityCheck check, StoryPage story, CheckScope scope, CancellationToken cancellationToken)
    {
        var json = "[]";
        await story.ActAsync(check.Timeout ?? TimeSpan.FromSeconds(30), async _ =>
        {
            // In each frame: what is in there is looked at by messages between them.
            foreach (var frame in story.Page.Frames.Take(MostFrames))
                await frame.EvaluateAsync(s_axe.Value).ConfigureAwait(false);

            json = await story.Page.EvaluateAsync<string>(Script, new object?[] { check.Of, check.Exclude.Select(css => new[] { css }).ToArray(), Options(check), MaximumAnswer }).ConfigureAwait(false);
        }).ConfigureAwait(false);

        var findings = Parse(json);
        var bad = findings.Where(finding => ImpactOf(finding) >= check.Impact).OrderByDescending(ImpactOf).ToList();
        if (bad.Count == 0)
        {
            if (findings.Count > 0)
                scope.Note = $"{findings.Count} rule{(findings.Count == 1 ? " is" : "s are")} broken below {check.Impact.ToString().ToLowerInvariant()}: {Names(findings)}.";

            return;
        }

        await scope.Files.SaveFileAsync("accessibility.txt", Encoding.UTF8.GetBytes(Describe(findings)), cancellationToken).ConfigureAwait(false);
        throw new CheckFailedException($"{bad.Count} rule{(bad.Count == 1 ? " is" : "s are")} broken: {Names(bad)}.");
    }

    private static string Options(AccessibilityCheck check)
    {
        var options = new JsonObject { ["resultTypes"] = new JsonArray("violations") };
        if (check.Standards.Count > 0)
            options["runOnly"] = new JsonObject { ["type"] = "tag", ["values"] = new JsonArray([.. check.Standards.Select(standard => JsonValue.Create(standard))]) };

        if (check.SkipRules.Count > 0)
            options["rules"] = new JsonObject(check.SkipRules.Distinct().Select(rule => KeyValuePair.Create(rule, (JsonNode?)new JsonObject { ["enabled"] = false })));

        return options.ToJsonString();
    }

    private static IReadOnlyList<AccessibilityFinding> Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, AccessibilityJson.Default.IReadOnlyListAccessibilityFinding) ?? [];
        }
        catch (JsonException e)
        {
            throw new CheckFailedException("What axe-core found cannot be read.", e);
        }
    }

    private static AccessibilityImpact ImpactOf(AccessibilityFinding finding) => Enum.TryParse<AccessibilityImpact>(finding.Impact, ignoreCase: true, out var impact) ? impact : AccessibilityImpact.Minor;

    private static string Names(IReadOnlyList<AccessibilityFinding> findings) =>
        string.Join("; ", findings.Take(MostNamed).Select(finding => string.Create(CultureInfo.InvariantCulture, $"{Excerpt.Of(finding.Id, 60)} ({Excerpt.Of(finding.Impact ?? "minor", 20)}, {finding.Count} element{(finding.Count == 1 ? "" : "s")}): {Excerpt.Of(finding.Help, 120)}, at {Excerpt.Of((finding.Elements.Count > 0 ? finding.Elements[0].Split(": ")[0] : "?"), 80)}")))
        + (findings.Count > MostNamed ? $"; and {findings.Count - MostNamed} more" : "");

    private static string Describe(IReadOnlyList<AccessibilityFinding> findings)
    {
        var text = new StringBuilder();
        foreach (var finding in findings)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{Excerpt.Of(finding.Id, 60)} ({Excerpt.Of(finding.Impact ?? "minor", 20)}): {Excerpt.Of(finding.Help)}");
            foreach (var element in finding.Elements)
                text.Append("  ").AppendLine(Excerpt.Of(element, 500));
        }

        return text.ToString();
    }

    private static string ReadAxe()
    {
        // The package's own way to run it would bring two more libraries along, for one call.
        using var stream = typeof(AxeRunOptions).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js") ?? throw new InvalidOperationException("Deque.AxeCore.Commons does not have axe-core in it.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
