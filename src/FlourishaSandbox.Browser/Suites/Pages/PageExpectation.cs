using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>What is expected of a page, or of one of its elements.</summary>
internal sealed record PageExpectation
{
    private static readonly string[] s_ofElements = ["visible", "hidden", "count", "value", "attribute"];

    /// <summary>The element; null for the page.</summary>
    public ElementSelector? Of { get; init; }

    /// <summary>The words that can be seen there; null for any.</summary>
    public ValueMatcher? Text { get; init; }

    /// <summary>Whether it can be seen, or cannot; null for either.</summary>
    public bool? IsVisible { get; init; }

    /// <summary>How many there are; null for any number.</summary>
    public ValueMatcher? Count { get; init; }

    /// <summary>What is in the field; null for anything.</summary>
    public ValueMatcher? Value { get; init; }

    /// <summary>Attributes that are expected.</summary>
    public IReadOnlyList<KeyValuePair<string, ValueMatcher>> Attributes { get; init; } = [];

    /// <summary>The path, query and fragment of the page's URL; null for any.</summary>
    public ValueMatcher? Url { get; init; }

    /// <summary>The page's title; null for any.</summary>
    public ValueMatcher? Title { get; init; }

    private string Words { get; init; } = "";

    /// <summary>Reads one.</summary>
    public static PageExpectation Read(SuiteSource source, SuiteNode node)
    {
        if (node is SuiteScalar { IsNull: false, Text.Length: > 0 } words)
            return new PageExpectation { Text = ValueMatcher.Read(source, words, isText: true, plain: "contains"), Words = $"\"{Excerpt.Of(words.Text, 60)}\"" };

        var fields = new SuiteFields(source, node, SuiteShapes.Expectation);
        var of = fields.Find("of") is { } element ? ElementSelector.Read(source, element) : null;
        ValueMatcher? Matcher(string key, bool isText = true, string plain = "equals") => fields.Find(key) is { } expected ? ValueMatcher.Read(source, expected, isText, plain) : null;

        foreach (var key in s_ofElements.Where(key => of is null && fields.Find(key) is not null))
            throw source.Fault(fields.Find(key)!.Line, $"'{key}' is expected of nothing", "Say of which element: 'of:' with CSS, or a group with text, role and name, label or testId.");

        var visible = fields.Flag("visible") ?? !fields.Flag("hidden");
        if (fields.Find("visible") is not null && fields.Find("hidden") is { } hidden)
            throw source.Fault(hidden.Line, "both 'visible' and 'hidden' are expected", "Keep one of them.");

        if (fields.Entries.Count == 0)
            throw source.Fault(fields.Line, "nothing is expected", $"Write one of {string.Join(", ", SuiteShapes.Expectation.Keys)}.");

        var isPlain = fields.Entries.All(entry => entry.Key == "of");
        return new PageExpectation
        {
            Of = of,
            Text = Matcher("text", plain: of is null ? "contains" : "equals"),
            IsVisible = isPlain ? true : visible,
            Count = Matcher("count", isText: false),
            Value = Matcher("value"),
            Attributes = [.. fields.Named("attribute").Select(entry => KeyValuePair.Create(entry.Key, ValueMatcher.Read(source, entry.Value, isText: true)))],
            Url = Matcher("url"),
            Title = Matcher("title"),
            Words = Describe(fields, of),
        };
    }

    /// <summary>What is expected, in a few words.</summary>
    /// <returns>For example <c>text of css .display</c>.</returns>
    public override string ToString() => Words.Length > 0 ? Words : $"{Of}";

    private static string Describe(SuiteFields fields, ElementSelector? of)
    {
        var parts = fields.Entries.Where(entry => entry.Key != "of").Select(entry => entry.Value is SuiteScalar { IsFlag: true } ? entry.Key : entry.Value is SuiteScalar scalar ? $"{entry.Key} \"{Excerpt.Of(scalar.Text, 40)}\"" : entry.Key).ToList();
        return parts.Count == 0 ? $"{of}" : of is null ? string.Join(", ", parts) : $"{of}: {string.Join(", ", parts)}";
    }
}
