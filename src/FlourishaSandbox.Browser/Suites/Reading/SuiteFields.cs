using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Reading;

/// <summary>A group of keys, read as what it is meant to be. Every getter throws a failure with the line of what is wrong.</summary>
internal sealed class SuiteFields
{
    private readonly SuiteMap _map;
    private readonly SuiteShape _shape;

    /// <summary>Takes a group, and refuses keys that it cannot have.</summary>
    /// <param name="source">The file.</param>
    /// <param name="node">The group.</param>
    /// <param name="shape">What it is meant to be.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is no group, or has an unknown key.</exception>
    public SuiteFields(SuiteSource source, SuiteNode node, SuiteShape shape)
    {
        Source = source;
        _shape = shape;
        _map = node as SuiteMap ?? throw source.Fault(node.Line, $"{shape.Noun} is {node.Kind}, and not a group of keys", $"It can have {string.Join(", ", shape.Keys)}.");
        foreach (var entry in _map.Entries.Where(entry => !shape.Keys.Contains(entry.Key)))
        {
            var nearest = shape.Nearest(entry.Key);
            throw source.Fault(entry.Line, $"'{entry.Key}' is no key of {shape.Noun}{(nearest is null ? "" : $"; did you mean '{nearest}'?").TrimEnd('?')}", $"It can have {string.Join(", ", shape.Keys)}.");
        }
    }

    /// <summary>The file.</summary>
    public SuiteSource Source { get; }

    /// <summary>The line that the group begins at.</summary>
    public int Line => _map.Line;

    /// <summary>The keys and values, in the order of the file.</summary>
    public IReadOnlyList<SuiteEntry> Entries => _map.Entries;

    /// <summary>What stands at a key.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value; null where the key is not there.</returns>
    public SuiteNode? Find(string key) => _map.Entries.FirstOrDefault(entry => entry.Key == key)?.Value;

    /// <summary>What stands at a key that has to be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value.</returns>
    public SuiteNode Require(string key) => Find(key) ?? throw Source.Fault(Line, $"{_shape.Noun} lacks '{key}'", $"Add '{key}:'.");

    /// <summary>A text. A number or a truth value is taken as it is written.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text; null where the key is not there.</returns>
    public string? Text(string key) => Find(key) is { } node ? ToText(node, key) : null;

    /// <summary>A text that has to be there.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The text, not empty.</returns>
    public string RequireText(string key) => ToText(Require(key), key);

    /// <summary>A path of the app, with its query.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The path; null where the key is not there.</returns>
    public string? Path(string key)
    {
        if (Find(key) is not { } node)
            return null;

        var path = ToText(node, key);
        return IsPath(path) ? path : throw Source.Fault(node.Line, $"'{path}' is no path of the app", "Begin it with one '/'.");
    }

    /// <summary>Whether something is a path, or will be one when variables have their values: what could lead to another host is none.</summary>
    /// <param name="path">The text.</param>
    /// <returns>True where it is one.</returns>
    public static bool IsPath(string path) =>
        path.StartsWith('/') && !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl);

    /// <summary>True or false.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The value; null where the key is not there.</returns>
    public bool? Flag(string key) => Find(key) switch
    {
        null => null,
        SuiteScalar { IsFlag: true } flag => flag.ToJson()!.GetValue<bool>(),
        { } other => throw Source.Fault(other.Line, $"'{key}' is {Say(other)}", "Write true or false."),
    };

    /// <summary>A number in a range.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least that it can be.</param>
    /// <param name="most">The most that it can be.</param>
    /// <returns>The number; null where the key is not there.</returns>
    public double? Number(string key, double least, double most)
    {
        if (Find(key) is not { } node)
            return null;

        if (node is SuiteScalar { IsText: false, IsNull: false, IsFlag: false } scalar
            && double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture) is var number && number >= least && number <= most)
            return number;

        throw Source.Fault(node.Line, $"'{key}' is {Say(node)}", string.Create(CultureInfo.InvariantCulture, $"Write a number from {least} to {most}."));
    }

    /// <summary>A whole number in a range.</summary>
    /// <param name="key">The key.</param>
    /// <param name="least">The least that it can be.</param>
    /// <param name="most">The most that it can be.</param>
    /// <returns>The number; null where the key is not there.</returns>
    public int? Whole(string key, int least, int most)
    {
        if (Number(key, least, most) is not { } number)
            return null;

        return number == Math.Floor(number) ? (int)number : throw Source.Fault(Find(key)!.Line, $"'{key}' is {Say(Find(key)!)}", $"Write a whole number from {least} to {most}.");
    }

    /// <summary>A span of time from a millisecond to an hour.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The span; null where the key is not there.</returns>
    public TimeSpan? Span(string key)
    {
        if (Find(key) is not { } node)
            return null;

        return node is SuiteScalar { IsFlag: false } scalar && Duration.TryParse(scalar.Text, out var span) && span >= TimeSpan.FromMilliseconds(1) && span <= TimeSpan.FromHours(1)
            ? span
            : throw Source.Fault(node.Line, $"'{key}' is {Say(node)}", $"Write a span up to an hour: {Duration.Forms}.");
    }

    /// <summary>One text or several.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The texts; empty where the key is not there.</returns>
    public IReadOnlyList<string> Texts(string key) => Find(key) switch
    {
        null => [],
        SuiteList list => [.. list.Items.Select(item => ToText(item, key))],
        { } one => [ToText(one, key)],
    };

    /// <summary>One of several words.</summary>
    /// <typeparam name="T">The words.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>The word; null where the key is not there.</returns>
    public T? Word<T>(string key)
        where T : struct, Enum =>
        Find(key) is { } node ? ToWord<T>(node, key) : null;

    /// <summary>One word or several of a few.</summary>
    /// <typeparam name="T">The words.</typeparam>
    /// <param name="key">The key.</param>
    /// <returns>The words; empty where the key is not there.</returns>
    public IReadOnlyList<T> Words<T>(string key)
        where T : struct, Enum => Find(key) switch
        {
            null => [],
            SuiteList list => [.. list.Items.Select(item => ToWord<T>(item, key)).Distinct()],
            { } one => [ToWord<T>(one, key)],
        };

    /// <summary>Names with texts, such as headers.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The names and texts, in the order of the file; empty where the key is not there.</returns>
    public IReadOnlyList<KeyValuePair<string, string>> Pairs(string key) => [.. Named(key).Select(entry => KeyValuePair.Create(entry.Key, ToText(entry.Value, entry.Key, canBeEmpty: true)))];

    /// <summary>A group whose keys are the user's own.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The keys and values; empty where the key is not there.</returns>
    public IReadOnlyList<SuiteEntry> Named(string key) => Find(key) switch
    {
        null => [],
        SuiteMap map => map.Entries,
        { } other => throw Source.Fault(other.Line, $"'{key}' is {Say(other)}", "Write names with values, each on a line of its own."),
    };

    /// <summary>The items of a list.</summary>
    /// <param name="key">The key.</param>
    /// <returns>The items; empty where the key is not there.</returns>
    public IReadOnlyList<SuiteNode> Items(string key) => Find(key) switch
    {
        null => [],
        SuiteList list => list.Items,
        { } other => throw Source.Fault(other.Line, $"'{key}' is {Say(other)}", "Write a list: each item on a line that begins with '- '."),
    };

    /// <summary>A value of one word or more, as it is written.</summary>
    /// <param name="node">The value.</param>
    /// <param name="key">How errors call it.</param>
    /// <param name="canBeEmpty">Whether it may have no characters.</param>
    /// <returns>The text.</returns>
    public string ToText(SuiteNode node, string key, bool canBeEmpty = false)
    {
        if (node is SuiteScalar { IsNull: false } scalar && (canBeEmpty || scalar.Text.Length > 0))
            return scalar.Text;

        throw Source.Fault(node.Line, $"'{key}' is {(node is SuiteScalar ? "empty" : node.Kind)}", "Write a text.");
    }

    private T ToWord<T>(SuiteNode node, string key)
        where T : struct, Enum
    {
        var words = Enum.GetNames<T>().Select(name => char.ToLowerInvariant(name[0]) + name[1..]).ToList();
        return node is SuiteScalar scalar && words.IndexOf(scalar.Text) is >= 0 and var index
            ? Enum.GetValues<T>()[index]
            : throw Source.Fault(node.Line, $"'{key}' is {Say(node)}", $"Write {string.Join(" or ", words)}.");
    }

    private static string Say(SuiteNode node) => node is SuiteScalar { IsNull: false } scalar ? $"'{Excerpt.Of(scalar.Text)}'" : node.Kind;
}
