using System.Text;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Docker;

/// <summary>One pattern of a <c>.dockerignore</c>, after the rules of Docker's patternmatcher.</summary>
internal sealed class DockerIgnorePattern
{
    private readonly Regex _regex;

    private DockerIgnorePattern(bool isException, Regex regex)
    {
        IsException = isException;
        _regex = regex;
    }

    /// <summary>Whether what matches is sent although a pattern before leaves it out.</summary>
    public bool IsException { get; }

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The line, without white space around it.</param>
    /// <exception cref="ArgumentException">It is no pattern.</exception>
    public static DockerIgnorePattern Parse(string text)
    {
        var isException = text.StartsWith('!');
        var path = isException ? text[1..].Trim() : text;
        if (path.Length == 0)
            throw new ArgumentException($"'{text}' in .dockerignore is no pattern: nothing follows the '!'.");
        path = Clean(path);
        if (path.Length > 1)
            path = path.TrimStart('/');
        try
        {
            return new DockerIgnorePattern(isException, new Regex(ToRegex(path), RegexOptions.CultureInvariant | RegexOptions.Singleline));
        }
        catch (RegexParseException exception)
        {
            throw new ArgumentException($"'{text}' in .dockerignore is no pattern: {exception.Message}", exception);
        }
    }

    /// <summary>Whether the pattern matches a whole path in the context.</summary>
    public bool IsMatch(string path) => _regex.IsMatch(path);

    /// <summary>As Go's filepath.Clean: no empty segments, no <c>.</c>, and <c>..</c> takes the segment before it away.</summary>
    internal static string Clean(string path)
    {
        var isRooted = path.StartsWith('/');
        var kept = new List<string>();
        foreach (var segment in path.Split('/'))
        {
            if (segment is "" or ".")
                continue;
            if (segment == ".." && kept.Count > 0 && kept[^1] != "..")
                kept.RemoveAt(kept.Count - 1);
            else if (segment != ".." || !isRooted)
                kept.Add(segment);
        }
        var joined = string.Join('/', kept);
        return isRooted ? "/" + joined : joined.Length == 0 ? "." : joined;
    }

    private static string ToRegex(string pattern)
    {
        var regex = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            var character = pattern[i];
            switch (character)
            {
                case '*' when i + 1 < pattern.Length && pattern[i + 1] == '*':
                    i++;
                    if (i + 1 < pattern.Length && pattern[i + 1] == '/')
                        i++;
                    // At the end it is everything; before something it is any number of folders, none too.
                    regex.Append(i + 1 == pattern.Length ? ".*" : "(.*/)?");
                    break;
                case '*':
                    regex.Append("[^/]*");
                    break;
                case '?':
                    regex.Append("[^/]");
                    break;
                case '\\' when i + 1 < pattern.Length:
                    regex.Append(Regex.Escape(pattern[++i].ToString()));
                    break;
                case '[':
                    i = AppendClass(regex, pattern, i);
                    break;
                default:
                    regex.Append(Regex.Escape(character.ToString()));
                    break;
            }
        }
        return regex.Append(@"\z").ToString();
    }

    /// <summary>Appends a class such as <c>[a-c]</c> or <c>[^x]</c>; returns where it ends.</summary>
    private static int AppendClass(StringBuilder regex, string pattern, int start)
    {
        var i = start + 1;
        regex.Append('[');
        if (i < pattern.Length && pattern[i] == '^')
        {
            regex.Append('^');
            i++;
        }
        var first = i;
        for (; i < pattern.Length && (pattern[i] != ']' || i == first); i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length)
                regex.Append('\\').Append(pattern[++i]);
            // .NET would read a bracket as a subtraction.
            else if (pattern[i] is '[' or '\\')
                regex.Append('\\').Append(pattern[i]);
            else
                regex.Append(pattern[i]);
        }
        if (i == pattern.Length)
            throw new ArgumentException($"'{pattern}' in .dockerignore is no pattern: its '[' is not closed.");
        regex.Append(']');
        return i;
    }
}
