using System.Globalization;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>Spans of time as people write them.</summary>
public static partial class Duration
{
    /// <summary>What can be written, for messages and help.</summary>
    public const string Forms = "seconds, or numbers with units as in 90s, 1h30m, 24h, 2d";

    private static readonly TimeSpan s_longestTimer = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    /// <summary>Reads a span: seconds (<c>90</c>), units (<c>90s</c>, <c>1h30m</c>, <c>2d</c>, <c>500ms</c>), a clock's form (<c>00:30:00</c>), or <c>unlimited</c>.</summary>
    /// <param name="text">The text.</param>
    /// <param name="span">The span; <see cref="Timeout.InfiniteTimeSpan"/> for <c>unlimited</c>.</param>
    /// <returns>True where the text is one of these.</returns>
    public static bool TryParse(string? text, out TimeSpan span)
    {
        span = default;
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Equals("unlimited", StringComparison.OrdinalIgnoreCase))
        {
            span = Timeout.InfiniteTimeSpan;
            return true;
        }

        if (trimmed.Contains(':', StringComparison.Ordinal))
            return TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out span) && span >= TimeSpan.Zero;

        var match = Units().Match(trimmed);
        if (!match.Success || trimmed.Length == 0)
            return double.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && TryFromSeconds(seconds, out span);

        double Part(string unit) => match.Groups[unit].Success ? double.Parse(match.Groups[unit].Value, CultureInfo.InvariantCulture) : 0;
        return TryFromSeconds((Part("d") * 86400) + (Part("h") * 3600) + (Part("m") * 60) + Part("s") + (Part("ms") / 1000), out span);
    }

    /// <summary>A span in the one unit that says enough.</summary>
    /// <param name="span">The span; below zero counts as zero.</param>
    /// <returns>For example <c>45 s</c>, <c>12 min</c>, <c>5 h</c>, <c>3 days</c>.</returns>
    public static string Describe(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(span.TotalSeconds)):0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes):0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalHours):0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalDays):0} days"),
    };

    /// <summary>A span as a timer takes it: what is longer than its 49 days becomes these.</summary>
    internal static TimeSpan ForTimer(TimeSpan span) => span > s_longestTimer ? s_longestTimer : span;

    /// <summary>Makes a span of seconds.</summary>
    /// <param name="seconds">The seconds.</param>
    /// <param name="span">The span.</param>
    /// <returns>True where they are not below zero, and a span can hold as many.</returns>
    public static bool TryFromSeconds(double seconds, out TimeSpan span)
    {
        // Below zero there is one span that means something else: a millisecond less than nothing is no end at all.
        var fits = seconds >= 0 && seconds < TimeSpan.MaxValue.TotalSeconds;
        span = fits ? TimeSpan.FromSeconds(seconds) : default;
        return fits;
    }

    [GeneratedRegex(@"\A(?:(?<d>[0-9]{1,6}(?:\.[0-9]{1,6})?)d)?(?:(?<h>[0-9]{1,6}(?:\.[0-9]{1,6})?)h)?(?:(?<m>[0-9]{1,6}(?:\.[0-9]{1,6})?)m(?!s))?(?:(?<s>[0-9]{1,9}(?:\.[0-9]{1,6})?)s)?(?:(?<ms>[0-9]{1,9})ms)?\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Units();
}
