using System.Globalization;

namespace FlourishaSandbox.Docker;

/// <summary>Times as the engine's parameters have them.</summary>
internal static class UnixTime
{
    /// <summary>Seconds and nanoseconds since 1970, with a point between them; null for null.</summary>
    public static string? Format(DateTimeOffset? time) => time is { } value
        ? string.Create(CultureInfo.InvariantCulture, $"{value.ToUnixTimeSeconds()}.{value.Ticks % TimeSpan.TicksPerSecond * 100:D9}")
        : null;
}
