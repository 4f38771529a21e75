using System.Globalization;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>Where a value is in a JSON document: <c>$.items[0].name</c>, <c>$['a key']</c>, or a pointer as of RFC 6901, <c>/items/0/name</c>. It means one value, so there are no wildcards.</summary>
internal sealed class JsonLocation
{
    private readonly string _text;
    private readonly List<object> _parts;

    private JsonLocation(string text, List<object> parts)
    {
        _text = text;
        _parts = parts;
    }

    /// <summary>Reads a location.</summary>
    /// <param name="text">As it is written.</param>
    /// <param name="location">The location.</param>
    /// <returns>True where it is one.</returns>
    public static bool TryParse(string text, out JsonLocation location)
    {
        var parts = text.StartsWith('$') ? ParsePath(text) : text.StartsWith('/') ? ParsePointer(text) : null;
        location = new JsonLocation(text, parts ?? []);
        return parts is not null;
    }

    /// <summary>Looks a value up.</summary>
    /// <param name="root">The document.</param>
    /// <param name="value">The value.</param>
    /// <param name="problem">What is there instead, where it is not there.</param>
    /// <returns>True where it is there; it may be null even so.</returns>
    public bool TryFind(JsonNode? root, out JsonNode? value, out string problem)
    {
        value = root;
        problem = "";
        var reached = "$";
        foreach (var part in _parts)
        {
            switch (part)
            {
                case int index when value is JsonArray array:
                    var at = index < 0 ? array.Count + index : index;
                    if (at < 0 || at >= array.Count)
                    {
                        problem = array.Count == 0 ? $"{reached} is an empty list" : $"{reached} has {array.Count} item{(array.Count == 1 ? "" : "s")}";
                        return false;
                    }

                    value = array[at];
                    break;

                case string key when value is JsonObject group:
                    if (!group.TryGetPropertyValue(key, out var below))
                    {
                        problem = group.Count == 0 ? $"{reached} is an empty object" : $"{reached} has {string.Join(", ", group.Take(10).Select(property => Excerpt.Of(property.Key, 40)))}{(group.Count > 10 ? ", …" : "")}";
                        return false;
                    }

                    value = below;
                    break;

                case string key when value is JsonArray array && int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var place) && place < array.Count:
                    value = array[place]; // a pointer cannot say which of the two it means
                    break;

                default:
                    problem = $"{reached} is {Excerpt.Of(value)}";
                    return false;
            }

            reached += part is int number ? string.Create(CultureInfo.InvariantCulture, $"[{number}]") : $".{Excerpt.Of((string)part, 40)}";
        }

        return true;
    }

    /// <summary>The location as it was written.</summary>
    /// <returns>The text.</returns>
    public override string ToString() => _text;

    private static List<object>? ParsePointer(string text)
    {
        var parts = new List<object>();
        foreach (var part in text.Split('/').Skip(1))
            parts.Add(part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal));

        return parts;
    }

    private static List<object>? ParsePath(string text)
    {
        var parts = new List<object>();
        var at = 1;
        while (at < text.Length)
        {
            if (text[at] == '.')
            {
                var end = text.IndexOfAny(['.', '['], at + 1);
                var name = text[(at + 1)..(end < 0 ? text.Length : end)];
                if (name.Length == 0 || name.Contains('*', StringComparison.Ordinal) || name.Contains(']', StringComparison.Ordinal))
                    return null;

                parts.Add(name);
                at += name.Length + 1;
            }
            else if (text[at] == '[' && at + 1 < text.Length && text[at + 1] is '\'' or '"')
            {
                var end = text.IndexOf($"{text[at + 1]}]", at + 2, StringComparison.Ordinal);
                if (end < 0)
                    return null;

                parts.Add(text[(at + 2)..end]);
                at = end + 2;
            }
            else if (text[at] == '[' && text.IndexOf(']', at) is >= 0 and var close && int.TryParse(text[(at + 1)..close], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index))
            {
                parts.Add(index);
                at = close + 1;
            }
            else
            {
                return null;
            }
        }

        return parts;
    }
}
