using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites.Reading;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>What a value is expected to be: a plain value means itself, a group of keys what it must contain, match, be above and so on, all of it.</summary>
internal sealed class ValueMatcher
{
    // A pattern is the suite's, but what it is held against is the app's, which may be made to let it search for ever.
    private static readonly TimeSpan s_patternLimit = TimeSpan.FromSeconds(1);

    private readonly List<(string Key, SuiteNode Expected)> _conditions;
    private readonly bool _isText;

    private ValueMatcher(List<(string Key, SuiteNode Expected)> conditions, bool isText)
    {
        _conditions = conditions;
        _isText = isText;
    }

    /// <summary>Reads what is expected.</summary>
    /// <param name="source">The file.</param>
    /// <param name="node">What is expected.</param>
    /// <param name="isText">Whether values are texts, such as headers and titles: an expected 8 is then the text "8".</param>
    /// <param name="plain">The condition that a plain value stands for: equals or contains.</param>
    /// <returns>The matcher.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it makes no sense.</exception>
    public static ValueMatcher Read(SuiteSource source, SuiteNode node, bool isText, string plain = "equals")
    {
        if (node is SuiteList && isText)
            throw source.Fault(node.Line, "a text is compared with a list", "Write a text, or a group with equals, not, contains or matches.");

        if (node is not SuiteMap)
            return new ValueMatcher([(plain, node)], isText);

        var fields = new SuiteFields(source, node, SuiteShapes.Matcher);
        if (fields.Entries.Count == 0)
            throw source.Fault(node.Line, "nothing is expected", $"Write one of {string.Join(", ", SuiteShapes.Matcher.Keys)}.");

        foreach (var pattern in fields.Texts("matches"))
            CheckPattern(source, fields.Find("matches")!, pattern);

        _ = fields.Flag("exists");
        foreach (var key in new[] { "length", "above", "below" })
            _ = fields.Number(key, double.MinValue, double.MaxValue);

        return new ValueMatcher([.. fields.Entries.Select(entry => (entry.Key, entry.Value))], isText);
    }

    /// <summary>Compiles a pattern, or says what is wrong with it.</summary>
    /// <param name="source">The file.</param>
    /// <param name="node">Where it is written.</param>
    /// <param name="pattern">The pattern.</param>
    /// <returns>The pattern, whose searches are limited to a second.</returns>
    public static Regex CheckPattern(SuiteSource source, SuiteNode node, string pattern)
    {
        try
        {
            return new Regex(pattern, RegexOptions.CultureInvariant, s_patternLimit);
        }
        catch (ArgumentException e)
        {
            throw source.Fault(node.Line, $"'{Excerpt.Of(pattern)}' is no pattern: {e.Message.TrimEnd('.')}", "Patterns are regular expressions as .NET has them.");
        }
    }

    /// <summary>Holds a value against what is expected.</summary>
    /// <param name="exists">Whether there is a value at all.</param>
    /// <param name="value">The value.</param>
    /// <param name="variables">The suite's variables.</param>
    /// <returns>Null where it is as expected; else what it is instead, as the end of a sentence that begins with the value's name.</returns>
    /// <exception cref="CheckFailedException">A variable has no value.</exception>
    public string? Explain(bool exists, JsonNode? value, SuiteVariables variables)
    {
        foreach (var (key, expected) in _conditions)
        {
            if (key == "exists")
            {
                var wanted = ((SuiteScalar)expected).ToJson()!.GetValue<bool>();
                if (wanted != exists)
                    return wanted ? "is not there" : $"is there: {Show(value)}";
            }
            else if (!exists)
            {
                return "is not there";
            }
            else if (Explain(key, value, expected, variables) is { } problem)
            {
                return problem;
            }
        }

        return null;
    }

    private string? Explain(string key, JsonNode? value, SuiteNode expected, SuiteVariables variables)
    {
        switch (key)
        {
            case "equals":
                var wanted = Wanted(expected, variables);
                return AreEqual(value, wanted) ? null : $"is {Show(value)}, expected {Show(wanted)}";

            case "not":
                return AreEqual(value, Wanted(expected, variables)) ? $"is {Show(value)}, which it should not be" : null;

            case "contains":
                return ExplainContains(value, expected, variables);

            case "matches":
                return ExplainMatches(value, expected, variables);

            case "length":
                var length = value switch { JsonArray array => array.Count, JsonObject group => group.Count, _ => TextOf(value)?.Length };
                var number = NumberOf(expected);
                return length is null ? $"is {Show(value)}, which has no length"
                    : length == number ? null
                    : string.Create(CultureInfo.InvariantCulture, $"has the length {length}, expected {number}: {Show(value)}");

            default:
                var limit = NumberOf(expected);
                if (!double.TryParse(TextOf(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var actual))
                    return $"is {Show(value)}, expected a number {key} {limit.ToString(CultureInfo.InvariantCulture)}";

                return (key == "above" ? actual > limit : actual < limit) ? null : string.Create(CultureInfo.InvariantCulture, $"is {Show(value)}, expected {key} {limit}");
        }
    }

    private static string? ExplainContains(JsonNode? value, SuiteNode expected, SuiteVariables variables)
    {
        if (value is JsonArray array)
        {
            var wanted = variables.ToJson(expected);
            return array.Any(item => AreEqual(item, wanted)) ? null : $"does not contain {Show(wanted)}: {Show(value)}";
        }

        foreach (var part in expected is SuiteList list ? list.Items : [expected])
        {
            var text = variables.Expand(part is SuiteScalar scalar ? scalar.Text : "");
            if (TextOf(value) is not { } whole || !whole.Contains(text, StringComparison.Ordinal))
                return $"is {Show(value)}, which does not contain {Excerpt.Quote(text)}";
        }

        return null;
    }

    private static string? ExplainMatches(JsonNode? value, SuiteNode expected, SuiteVariables variables)
    {
        foreach (var part in expected is SuiteList list ? list.Items : [expected])
        {
            var pattern = ((SuiteScalar)part).Text;
            try
            {
                if (TextOf(value) is not { } text || !Regex.IsMatch(text, pattern, RegexOptions.CultureInvariant, s_patternLimit))
                    return $"is {Show(value)}, which does not match '{Excerpt.Of(pattern)}'";
            }
            catch (RegexMatchTimeoutException)
            {
                return $"could not be matched with '{Excerpt.Of(pattern)}' within {s_patternLimit.TotalSeconds:0} s";
            }
        }

        return null;
    }

    private JsonNode? Wanted(SuiteNode expected, SuiteVariables variables) =>
        _isText ? JsonValue.Create(expected is SuiteScalar scalar ? variables.Expand(scalar.Text) : "") : variables.ToJson(expected);

    private static double NumberOf(SuiteNode node) => double.Parse(((SuiteScalar)node).Text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private static string Show(JsonNode? value) => value is JsonValue text && text.TryGetValue<string>(out var plain) ? Excerpt.Quote(plain) : Excerpt.Of(value);

    private static string? TextOf(JsonNode? value) => value switch
    {
        null => null,
        JsonValue text when text.TryGetValue<string>(out var plain) => plain,
        JsonValue other => other.ToJsonString(),
        _ => null,
    };

    // 8 and 8.0 are one number; the library's own comparison of nodes says so for what was parsed, but not for what was made here.
    private static bool AreEqual(JsonNode? left, JsonNode? right)
    {
        switch (left, right)
        {
            case (null, null):
                return true;

            case (JsonArray first, JsonArray second):
                return first.Count == second.Count && first.Zip(second).All(pair => AreEqual(pair.First, pair.Second));

            case (JsonObject first, JsonObject second):
                return first.Count == second.Count && first.All(property => second.TryGetPropertyValue(property.Key, out var other) && AreEqual(property.Value, other));

            case (JsonValue first, JsonValue second):
                var kind = first.GetValueKind();
                return kind == second.GetValueKind()
                    && (kind == JsonValueKind.Number
                        ? double.Parse(first.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture).Equals(double.Parse(second.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture))
                        : kind != JsonValueKind.String || first.GetValue<string>() == second.GetValue<string>());

            default:
                return false;
        }
    }
}
