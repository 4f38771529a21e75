using System.Text.RegularExpressions;

namespace FlourishaSandbox.Audit;

/// <summary>Takes secrets out of text that is to be kept. What looks like one is masked; a rule cannot know what only its owner knows.</summary>
internal sealed partial class SecretMask
{
    /// <summary>What stands in a secret's place.</summary>
    public const string Mask = "***";

    private const string Group = "secret";
    private const RegexOptions Options = RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture;

    // Of a rule that somebody wrote, on a command that somebody else chose.
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(100);

    private readonly Regex[] _rules;

    /// <summary>The product's rules and some more.</summary>
    /// <param name="patterns">Regular expressions; each masks its group <c>secret</c>, or all that it matches.</param>
    public SecretMask(IEnumerable<string> patterns) =>
        _rules = [PrivateKey(), Assignment(), Switch(), Authorization(), Credentials(), UserAndPassword(), KnownToken(), .. patterns.Select(pattern => new Regex(pattern, Options, s_patience))];

    /// <summary>The text without its secrets.</summary>
    /// <param name="text">Any text.</param>
    public string Apply(string text)
    {
        foreach (var rule in _rules)
        {
            try
            {
                text = rule.Replace(text, Replace);
            }
            catch (RegexMatchTimeoutException)
            {
                return Mask; // who knows what is in it
            }
        }

        return text;
    }

    private static string Replace(Match match)
    {
        if (match.Groups[Group] is not { Success: true } secret)
            return Mask;

        var start = secret.Index - match.Index;
        return string.Concat(match.Value.AsSpan(0, start), Mask, match.Value.AsSpan(start + secret.Length));
    }

    // NAME=value and "name": "value", where the name speaks of a secret.
    [GeneratedRegex("""(?i)[\w.-]*(token|secret|passw(or)?d|passphrase|passcode|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*["']?\s*[=:]\s*(?<secret>"[^"]*"|'[^']*'|[^\s"';&|)]+)""", Options, 100)]
    private static partial Regex Assignment();

    // --password value, --token value, -Password value.
    [GeneratedRegex("""(?i)(?<![\w-])--?[\w-]*(token|secret|passw(or)?d|passphrase|api-?key|access-?key|private-?key|credential)[\w-]*\s+(?<secret>"[^"]*"|'[^']*'|[^\s"'-][^\s"';&|)]*)""", Options, 100)]
    private static partial Regex Switch();

    [GeneratedRegex("""(?i)\b(proxy-)?authorization["']?\s*[:=]\s*["']?((basic|bearer|token|digest|negotiate)\s+)?(?<secret>[^\s"']+)""", Options, 100)]
    private static partial Regex Authorization();

    // scheme://user:password@host
    [GeneratedRegex("""://[^\s/:@"']*:(?<secret>[^\s/@"']+)@""", Options, 100)]
    private static partial Regex Credentials();

    // curl -u user:password
    [GeneratedRegex("""(?<![\w-])(-u|--user|--proxy-user)[\s=]+["']?[^\s:"']+:(?<secret>[^\s"']+)""", Options, 100)]
    private static partial Regex UserAndPassword();

    // Tokens that say by their beginning what they are: GitHub, GitLab, OpenAI and Anthropic, Slack, AWS, npm, PyPI, E2B, Google, JSON web tokens.
    [GeneratedRegex("""\b(gh[pousr]_\w{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|sk-[\w-]{16,}|xox[abeprs]-[\w-]{10,}|A(KIA|SIA)[0-9A-Z]{16}|npm_\w{30,}|pypi-[\w-]{16,}|e2b_\w{20,}|AIza[\w-]{30,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)""", Options, 100)]
    private static partial Regex KnownToken();

    [GeneratedRegex("""-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|\z)""", Options | RegexOptions.Singleline, 100)]
    private static partial Regex PrivateKey();
}
