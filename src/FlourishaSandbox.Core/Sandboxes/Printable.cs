using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// Makes text safe to show. File names, image names and errors may come from a sandbox, and a terminal obeys what it is shown: control
/// characters could hide, overwrite or forge lines. They are written as escapes.
/// </summary>
public static class Printable
{
    /// <summary>Text for one line.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text, with control characters and line ends as escapes such as <c>\n</c> and <c>\u001b</c>.</returns>
    public static string Line(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Escape(text, keepLines: false);
    }

    /// <summary>Text of several lines.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text, with control characters as escapes and line ends as they are.</returns>
    public static string Lines(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return Escape(text.ReplaceLineEndings("\n"), keepLines: true);
    }

    private static string Escape(string text, bool keepLines)
    {
        if (!text.Any(MustEscape))
            return text;

        var escaped = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            _ = character switch
            {
                '\n' or '\t' when keepLines => escaped.Append(character),
                '\n' => escaped.Append(@"\n"),
                '\r' => escaped.Append(@"\r"),
                '\t' => escaped.Append(@"\t"),
                _ when MustEscape(character) => escaped.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:x4}"),
                _ => escaped.Append(character),
            };
        }

        return escaped.ToString();
    }

    // Beside control characters: those that turn the direction of writing, and line ends that only some programs take for one.
    private static bool MustEscape(char character) =>
        char.IsControl(character) || character is '\u2028' or '\u2029' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
