using System.Globalization;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Cli.Parsing;

/// <summary>Spans of time as people write them: seconds, or numbers with units.</summary>
internal static partial class Durations
{
    /// <summary>What can be written, for messages and help.</summary>
    public const string Forms = "seconds, or numbers with units as in 90, 1h30m, 24h, 2d";

    // Ten years, as Core has it: more is a slip of the fingers, and TimeSpan would overflow far above.
    private const double MaximumSeconds = 3650d * 24 * 3600;

    /// <summary>Reads a span.</summary>
    /// <param name="text">Seconds, or one to five numbers with the units d, h, m, s and ms, each once and in this order.</param>
    /// <param name="span">The span.</param>
    /// <returns>False where the text is none, or more than ten years.</returns>
    public static bool TryParse(string text, out TimeSpan span)
    {
        span = default;
        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds))
            return TryMake(seconds, out span);

        var match = Form().Match(text);
        return match.Success && text.Length > 0
            && TryMake((Part(match, "d") * 86400) + (Part(match, "h") * 3600) + (Part(match, "m") * 60) + Part(match, "s") + (Part(match, "ms") / 1000), out span);
    }

    private static bool TryMake(double seconds, out TimeSpan span)
    {
        var isInRange = seconds is >= 0 and <= MaximumSeconds;
        span = isInRange ? TimeSpan.FromSeconds(seconds) : default;
        return isInRange;
    }

    private static double Part(Match match, string unit) =>
        match.Groups[unit] is { Success: true } group ? double.Parse(group.Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"\A(?:(?<d>\d{1,9}(?:\.\d{1,9})?)d)?(?:(?<h>\d{1,9}(?:\.\d{1,9})?)h)?(?:(?<m>\d{1,9}(?:\.\d{1,9})?)m)?(?:(?<s>\d{1,9}(?:\.\d{1,9})?)s)?(?:(?<ms>\d{1,9})ms)?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();
}
