// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
using System.Text;
using System.Text.RegularExpressions;

namespace System.Management.Automation;

[Flags]
public enum WildcardOptions
{
    None = 0,
    Compiled = 1,
    IgnoreCase = 2,
    CultureInvariant = 4,
}

/// <summary>The wildcards * ? and [ ], without PowerShell's escapes.</summary>
public sealed class WildcardPattern
{
    private readonly Regex _regex;

    private WildcardPattern(string pattern, WildcardOptions options)
    {
        var text = new StringBuilder(@"\A");
        for (var i = 0; i < pattern.Length; i++)
        {
            var close = pattern[i] == '[' ? pattern.IndexOf(']', i + 1) : -1;
            if (close > 0)
            {
                text.Append('[').Append(pattern, i + 1, close - i - 1).Append(']');
                i = close;
            }
            else
            {
                text.Append(pattern[i] switch { '*' => ".*", '?' => ".", var other => Regex.Escape(other.ToString()) });
            }
        }

        var ignoreCase = options.HasFlag(WildcardOptions.IgnoreCase) ? RegexOptions.IgnoreCase | RegexOptions.CultureInvariant : RegexOptions.None;
        _regex = new Regex(text.Append(@"\z").ToString(), ignoreCase | RegexOptions.Singleline);
    }

    public static WildcardPattern Get(string pattern, WildcardOptions options) => new(pattern, options);

    public static bool ContainsWildcardCharacters(string pattern) => pattern.AsSpan().IndexOfAny("*?[") >= 0;

    public bool IsMatch(string input) => _regex.IsMatch(input);
}
