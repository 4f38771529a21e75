using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>The kinds of values that there are.</summary>
internal static class ConfigurationForms
{
    private static readonly string[] s_yes = ["true", "yes", "on", "1"];
    private static readonly string[] s_no = ["false", "no", "off", "0"];

    /// <summary>A text.</summary>
    public static ConfigurationForm Text(string example) => new()
    {
        Example = example,
        Read = node => TextOf(node) is { } text && !string.IsNullOrWhiteSpace(text) ? text : null,
        Write = value => JsonValue.Create((string)value),
    };

    /// <summary>A size in bytes, written as a number or with a unit.</summary>
    public static ConfigurationForm Size { get; } = new()
    {
        Example = "bytes or a size with a unit, such as 512MB or 4GB",
        Read = node => NumberOf(node) is { } number
            ? number >= 0 && number <= long.MaxValue && decimal.Truncate(number) == number ? (long)number : null
            : TextOf(node) is { } text && ByteSize.TryParse(text, out var bytes) ? bytes : null,
        Write = value => WriteSize((long)value),
    };

    /// <summary>A span of time, written as a number of seconds or with units.</summary>
    public static ConfigurationForm Span { get; } = new()
    {
        Example = $"{Duration.Forms}, or unlimited",
        Read = node => NumberOf(node) is { } seconds
            ? Duration.TryFromSeconds((double)seconds, out var given) ? given : null
            : Duration.TryParse(TextOf(node), out var span) ? span : null,
        Write = value => JsonValue.Create(WriteSpan((TimeSpan)value)),
    };

    /// <summary>A number with or without a fraction.</summary>
    public static ConfigurationForm Fraction { get; } = new()
    {
        Example = "a number, such as 0.5 or 2",
        Read = node => NumberOf(node) is { } number ? (double)number : null,
        Write = value => JsonValue.Create((double)value),
        FromText = NumberNode,
    };

    /// <summary>A whole number.</summary>
    public static ConfigurationForm Count { get; } = new()
    {
        Example = "a whole number, such as 256",
        Read = node => NumberOf(node) is { } number && decimal.Truncate(number) == number && number is >= int.MinValue and <= int.MaxValue ? (int)number : null,
        Write = value => JsonValue.Create((int)value),
        FromText = NumberNode,
    };

    /// <summary>Yes or no.</summary>
    public static ConfigurationForm Flag { get; } = new()
    {
        Example = "true or false",
        Choices = ["true", "false"],
        Read = node => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        },
        Write = value => JsonValue.Create((bool)value),
        FromText = text => s_yes.Contains(text, StringComparer.OrdinalIgnoreCase) ? JsonValue.Create(true)
            : s_no.Contains(text, StringComparer.OrdinalIgnoreCase) ? JsonValue.Create(false)
            : JsonValue.Create(text),
    };

    /// <summary>One of the words of an enum, in any case.</summary>
    public static ConfigurationForm Choice<T>()
        where T : struct, Enum
    {
        string[] words = [.. Enum.GetNames<T>().Select(word => word.ToLowerInvariant())];
        return new ConfigurationForm
        {
            Example = string.Join(", ", words[..^1]) + " or " + words[^1],
            Choices = words,
            Read = node => TextOf(node) is { } text && words.Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse<T>(text, ignoreCase: true) : null,
            Write = value => JsonValue.Create(((T)value).ToString().ToLowerInvariant()),
        };
    }

    /// <summary>Several texts; in a variable with a separator between them, or as a list in JSON.</summary>
    public static ConfigurationForm Texts(string example, char? separator) => new()
    {
        Example = example,
        IsList = true,
        Read = node => node switch
        {
            JsonArray list => list.All(item => item is not null && TextOf(item) is { Length: > 0 }) ? (IReadOnlyList<string>)[.. list.Select(item => TextOf(item!)!)] : null,
            _ when TextOf(node) is { Length: > 0 } one => (IReadOnlyList<string>)[one],
            _ => null,
        },
        Write = value => new JsonArray([.. ((IReadOnlyList<string>)value).Select(text => (JsonNode?)JsonValue.Create(text))]),
        FromText = text => TryParse(text) as JsonArray
            ?? new JsonArray([.. (separator is { } between ? text.Split(between, StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) : [text]).Select(item => (JsonNode?)JsonValue.Create(item))]),
    };

    /// <summary>Several objects, which whoever uses them understands.</summary>
    public static ConfigurationForm Objects(string example) => new()
    {
        Example = example,
        IsList = true,
        Read = ObjectsOf,
        Write = value => new JsonArray([.. ((IReadOnlyList<JsonObject>)value).Select(item => item.DeepClone())]),
        FromText = text => TryParse(text) ?? JsonValue.Create(text),
    };

    /// <summary>The objects of a list.</summary>
    /// <param name="node">The list.</param>
    /// <param name="origin">Where it was found.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is no list of objects.</exception>
    public static IReadOnlyList<JsonObject> ReadObjects(JsonNode node, string origin) =>
        ObjectsOf(node) ?? throw InvalidOption.Create(origin, node.ToJsonString(), "is no list of objects", "Write [ { … }, { … } ].");

    private static IReadOnlyList<JsonObject>? ObjectsOf(JsonNode node) => node switch
    {
        JsonArray list => list.All(item => item is JsonObject) ? [.. list.Select(item => (JsonObject)item!.DeepClone())] : null,
        JsonObject one => [(JsonObject)one.DeepClone()],
        _ => null,
    };

    private static string? TextOf(JsonNode node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static decimal? NumberOf(JsonNode node)
    {
        // By its digits: a value may have been read from a file, or made of any of a dozen types.
        return node.GetValueKind() == JsonValueKind.Number && decimal.TryParse(node.ToJsonString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    private static JsonValue NumberNode(string text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? JsonValue.Create(number) : JsonValue.Create(text);

    private static JsonNode? TryParse(string text)
    {
        try
        {
            return text.StartsWith('[') || text.StartsWith('{') ? JsonNode.Parse(text) : null;
        }
        catch (JsonException)
        {
            return null; // a text that begins like a list, such as a regular expression
        }
    }

    private static JsonValue WriteSize(long bytes)
    {
        var text = bytes > 0 && bytes % 1024 == 0 ? Enumerable.Range(1, 4).Reverse().Where(power => bytes % (1L << (10 * power)) == 0).Select(power => $"{bytes >> (10 * power)}{"KMGT"[power - 1]}B").First() : null;
        return text is null ? JsonValue.Create(bytes) : JsonValue.Create(text);
    }

    private static string WriteSpan(TimeSpan span)
    {
        if (span == Timeout.InfiniteTimeSpan)
            return "unlimited";

        if (span == TimeSpan.Zero)
            return "0s";

        var milliseconds = span.Milliseconds == 0 ? "" : $"{span.Milliseconds}ms";
        return $"{(span.Days > 0 ? $"{span.Days}d" : "")}{(span.Hours > 0 ? $"{span.Hours}h" : "")}{(span.Minutes > 0 ? $"{span.Minutes}m" : "")}{(span.Seconds > 0 ? $"{span.Seconds}s" : "")}{milliseconds}";
    }
}
