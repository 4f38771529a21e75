using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>What an app said, as messages quote it: a line of bounded length, whatever was in it.</summary>
internal static class Excerpt
{
    /// <summary>The most characters of an excerpt.</summary>
    public const int MaximumLength = 200;

    private static readonly JsonSerializerOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The beginning of a text, on one line, with control characters as U+FFFD.</summary>
    /// <param name="text">The text.</param>
    /// <param name="length">The most characters.</param>
    /// <returns>The excerpt; it ends with an ellipsis where something is missing.</returns>
    public static string Of(string text, int length = MaximumLength)
    {
        var excerpt = new StringBuilder(Math.Min(text.Length, length) + 1);
        foreach (var character in text.AsSpan(0, Math.Min(text.Length, length)))
            excerpt.Append(character is '\n' or '\r' or '\t' ? ' ' : char.IsControl(character) || IsTurning(character) ? '\uFFFD' : character);

        // Not the first half of a character without the second.
        if (excerpt.Length > 0 && char.IsHighSurrogate(excerpt[^1]))
            excerpt.Length--;

        return text.Length > length ? excerpt.Append('…').ToString() : excerpt.ToString();
    }

    /// <summary>A text in quotes, or that there is none.</summary>
    /// <param name="text">The text.</param>
    /// <returns>For example <c>"8"</c> or <c>empty</c>.</returns>
    public static string Quote(string text) => text.Length == 0 ? "empty" : $"\"{Of(text)}\"";

    /// <summary>A JSON value as JSON.</summary>
    /// <param name="value">The value.</param>
    /// <returns>For example <c>{"a":1}</c>.</returns>
    public static string Of(JsonNode? value) => value is null ? "null" : Of(value.ToJsonString(s_readable));

    // They turn the direction of writing in whatever shows them, and so can forge what stands beside.
    private static bool IsTurning(char character) => character is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
