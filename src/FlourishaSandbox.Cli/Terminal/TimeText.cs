using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Times for tables.</summary>
internal static class TimeText
{
    /// <summary>When a sandbox ends.</summary>
    /// <param name="deadline">Its deadline, or null.</param>
    /// <param name="now">The time.</param>
    /// <returns>For example <c>in 55 min</c>, <c>3 min ago</c>, <c>never</c>.</returns>
    public static string Deadline(DateTimeOffset? deadline, DateTimeOffset now) =>
        deadline is not { } end ? "never" : end >= now ? $"in {Duration.Describe(end - now)}" : $"{Duration.Describe(now - end)} ago";

    /// <summary>When a sandbox ends, by the clock and from now.</summary>
    /// <param name="deadline">Its deadline, or null.</param>
    /// <param name="now">The time.</param>
    /// <returns>For example <c>2026-11-03 14:05, in 55 min</c>, or <c>never</c>.</returns>
    public static string DeadlineInFull(DateTimeOffset? deadline, DateTimeOffset now) =>
        deadline is { } end ? $"{Moment(end)}, {Deadline(end, now)}" : Deadline(null, now);

    /// <summary>A moment, in UTC and in a form that sorts.</summary>
    /// <param name="time">The moment.</param>
    /// <returns>For example <c>2026-11-03 14:05</c>.</returns>
    public static string Moment(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
}
