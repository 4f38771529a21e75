using System.Text;

namespace FlourishaSandbox.Scheduling;

/// <summary>Words of a command as the places that keep it want them.</summary>
internal static class ScheduleWords
{
    /// <summary>A word as a POSIX shell reads it back.</summary>
    public static string QuoteForShell(string word) =>
        word.Length > 0 && word.All(character => char.IsAsciiLetterOrDigit(character) || "-_./:=@,+%".Contains(character, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    /// <summary>A word as a Windows program's start reads it back.</summary>
    public static string QuoteForWindows(string word)
    {
        if (word.Length > 0 && word.AsSpan().IndexOfAny(" \t\"") < 0)
            return word;

        // Backslashes count only before a quote, and then double.
        var quoted = new StringBuilder("\"");
        var slashes = 0;
        foreach (var character in word)
        {
            if (character == '\\')
            {
                slashes++;
                continue;
            }

            quoted.Append('\\', character == '"' ? (2 * slashes) + 1 : slashes).Append(character);
            slashes = 0;
        }

        return quoted.Append('\\', 2 * slashes).Append('"').ToString();
    }

    /// <summary>The words of a line that <see cref="QuoteForShell"/> or a unit file's quotes made.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var quote = '\0';
        var isWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var character = line[i];
            if (character == '\\' && quote != '\'' && i + 1 < line.Length)
                (character, isWord) = (line[++i], word.Append(line[i]) is not null);
            else if (quote == '\0' && character is '\'' or '"' && quote == '\0')
                (quote, isWord) = (character, true);
            else if (character == quote)
                quote = '\0';
            else if (quote == '\0' && character == ' ')
                End();
            else
                (_, isWord) = (word.Append(character), true);
        }

        End();
        return words;

        void End()
        {
            if (isWord)
                words.Add(word.ToString());

            word.Clear();
            isWord = false;
        }
    }
}
