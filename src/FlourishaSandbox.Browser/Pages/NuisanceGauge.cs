using System.Diagnostics;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Says when a page makes more noise than anybody could hear: what it writes and tries within 10 s is weighed.</summary>
internal sealed class NuisanceGauge
{
    /// <summary>The most that is borne within 10 s.</summary>
    public const int Most = 10_000;

    /// <summary>A line on the console: 10,000 of them are borne.</summary>
    public const int Line = 1;

    /// <summary>A dialog: 100 of them are borne.</summary>
    public const int Dialog = 100;

    /// <summary>A download: 50 of them are borne.</summary>
    public const int Download = 200;

    /// <summary>A window: 20 of them are borne.</summary>
    public const int Popup = 500;

    private static readonly TimeSpan s_span = TimeSpan.FromSeconds(10);

    private readonly object _lock = new();
    private long _begun = Stopwatch.GetTimestamp();
    private int _weight;

    /// <summary>Weighs something.</summary>
    /// <param name="weight">How heavy it is.</param>
    /// <returns>Whether it is too much now.</returns>
    public bool Add(int weight)
    {
        lock (_lock)
        {
            if (Stopwatch.GetElapsedTime(_begun) > s_span)
                (_begun, _weight) = (Stopwatch.GetTimestamp(), 0);

            _weight = Math.Min(Most + 1, _weight + weight);
            return _weight > Most;
        }
    }
}
