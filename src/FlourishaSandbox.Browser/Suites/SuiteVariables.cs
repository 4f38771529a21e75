using System.Text;
using System.Text.Json.Nodes;
using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>The values behind <c>${name}</c>: those that the suite begins with, those that the caller gave, and what checks captured.</summary>
/// <param name="first">What is known at first.</param>
internal sealed class SuiteVariables(IEnumerable<KeyValuePair<string, JsonNode?>> first)
{
    /// <summary>The most characters that a text may become: what is captured comes from the app, and may be repeated.</summary>
    public const int MaximumLength = 1 << 20;

    private readonly Dictionary<string, JsonNode?> _values = new(first);

    /// <summary>Keeps a value for later checks.</summary>
    /// <param name="name">The variable.</param>
    /// <param name="value">The value.</param>
    public void Set(string name, JsonNode? value) => _values[name] = value?.DeepClone();

    /// <summary>A text with variables replaced by their values; <c>$${</c> is <c>${</c> itself.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text that is meant.</returns>
    /// <exception cref="CheckFailedException">A variable has no value, or the text becomes too long.</exception>
    public string Expand(string text)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
            return text;

        var expanded = new StringBuilder();
        foreach (var (piece, name) in Parse(text))
        {
            expanded.Append(name is null ? piece : Get(name) is JsonValue value && value.TryGetValue<string>(out var plain) ? plain : Get(name)?.ToJsonString() ?? "");
            if (expanded.Length > MaximumLength)
                throw new CheckFailedException("With its variables a text becomes longer than 1 Mi characters.");
        }

        return expanded.ToString();
    }

    /// <summary>A value of the suite as JSON, with variables. One that is nothing but a variable becomes what was captured: a number remains a number.</summary>
    /// <param name="node">The value.</param>
    /// <returns>The JSON.</returns>
    /// <exception cref="CheckFailedException">A variable has no value.</exception>
    public JsonNode? ToJson(SuiteNode node) => node switch
    {
        SuiteScalar { IsText: true } scalar => Parse(scalar.Text).ToList() is [{ Name: { } name }] ? Get(name)?.DeepClone() : JsonValue.Create(Expand(scalar.Text)),
        SuiteScalar scalar => scalar.ToJson(),
        SuiteList list => new JsonArray([.. list.Items.Select(ToJson)]),
        SuiteMap map => new JsonObject(map.Entries.Select(entry => KeyValuePair.Create(entry.Key, ToJson(entry.Value)))),
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };

    /// <summary>The names in a text.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The variables, in their order.</returns>
    public static IEnumerable<string> NamesIn(string text) => Parse(text).Select(piece => piece.Name).OfType<string>();

    /// <summary>Whether a variable can be called so: a letter or underscore, then these, digits, '-' and '.'.</summary>
    /// <param name="name">The name.</param>
    /// <returns>True where it can.</returns>
    public static bool IsName(string name) =>
        name.Length is > 0 and <= 64 && (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '_' or '-' or '.');

    private static IEnumerable<(string Text, string? Name)> Parse(string text)
    {
        var start = 0;
        while (text.IndexOf("${", start, StringComparison.Ordinal) is >= 0 and var open)
        {
            if (open > start && text[open - 1] == '$')
            {
                yield return (text[start..(open - 1)] + "${", null);
                start = open + 2;
                continue;
            }

            var close = text.IndexOf('}', open);
            if (close < 0 || !IsName(text[(open + 2)..close]))
            {
                yield return (text[start..(open + 2)], null); // a dollar and a brace, as in a script
                start = open + 2;
                continue;
            }

            if (open > start)
                yield return (text[start..open], null);

            yield return ("", text[(open + 2)..close]);
            start = close + 1;
        }

        if (start < text.Length)
            yield return (text[start..], null);
    }

    private JsonNode? Get(string name) => _values.TryGetValue(name, out var value)
        ? value
        : throw new CheckFailedException($"The variable '{name}' has no value yet: the check that captures it failed, was left out, or comes later.");
}
