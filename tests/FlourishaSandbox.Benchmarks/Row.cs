namespace FlourishaSandbox.Benchmarks;

/// <summary>A line of the table.</summary>
/// <param name="What">What was done.</param>
/// <param name="Ours">What it takes us.</param>
internal sealed record Row(string What, Series Ours)
{
    // How wide the middle half of the values may lie before the figures have to be doubted.
    private const double LargeSpread = 0.25;

    /// <summary>Whom we are compared with; null for nobody.</summary>
    public string? Against { get; init; }

    /// <summary>What it takes them.</summary>
    public Series? Other { get; init; }

    /// <summary>How often their time ours may be; null for no target.</summary>
    public double? RatioLimit { get; init; }

    /// <summary>How much ours may be, in its unit; null for no target.</summary>
    public double? Limit { get; init; }

    /// <summary>How often their time ours is, to two decimals, as it is printed.</summary>
    public double? Ratio => Other is null ? null : Math.Round(Ours.RatioTo(Other), 2);

    /// <summary>What is to be reached.</summary>
    public string Target => (RatioLimit, Limit) switch
    {
        ({ } ratio, _) => $"≤ {ratio:0.00} ×",
        (_, { } limit) => $"< {limit:0} {Ours.Unit}",
        _ => "",
    };

    /// <summary>Whether the target is missed.</summary>
    public bool IsMissed => RatioLimit is { } ratio ? !(Ratio <= ratio) : Limit is { } limit && !(Ours.Median < limit);

    /// <summary>What came of it.</summary>
    public string Verdict => Target.Length == 0 ? "" : IsMissed ? "MISSED" : "ok";

    /// <summary>A warning where the figures scatter.</summary>
    public string Note
    {
        get
        {
            var spread = Math.Max(Ours.Spread, Other?.Spread ?? 0);
            return spread > LargeSpread ? $"spread ±{spread / 2:0%}" : "";
        }
    }
}
