using System.Globalization;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Times for tables.</summary>
internal static class TimeText
{
    /// <summary>How long, in the one unit that says enough.</summary>
    /// <param name="span">The span; below zero counts as zero.</param>
    /// <returns>For example <c>45 s</c>, <c>12 min</c>, <c>5 h</c>, <c>3 days</c>.</returns>
    public static string Short(TimeSpan span) => span switch
    {
        { TotalSeconds: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Max(0, Math.Floor(span.TotalSeconds)):0} s"),
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalMinutes):0} min"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalHours):0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(span.TotalDays):0} days"),
    };

    /// <summary>When a sandbox ends.</summary>
    /// <param name="deadline">Its deadline, or null.</param>
    /// <param name="now">The time.</param>
    /// <returns>For example <c>in 55 min</c>, <c>3 min ago</c>, <c>never</c>.</returns>
    public static string Deadline(DateTimeOffset? deadline, DateTimeOffset now) =>
        deadline is not { } end ? "never" : end >= now ? $"in {Short(end - now)}" : $"{Short(now - end)} ago";

    /// <summary>A moment, in UTC and in a form that sorts.</summary>
    /// <param name="time">The moment.</param>
    /// <returns>For example <c>2026-11-03 14:05</c>.</returns>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
