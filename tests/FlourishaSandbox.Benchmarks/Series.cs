namespace FlourishaSandbox.Benchmarks;

/// <summary>What was measured, round by round.</summary>
internal sealed class Series
{
    private readonly List<double> _values = [];

    /// <summary>Creates a series.</summary>
    /// <param name="unit">What the values are in, such as ms.</param>
    /// <param name="values">The values.</param>
    public Series(string unit, params IEnumerable<double> values)
    {
        Unit = unit;
        _values.AddRange(values);
    }

    /// <summary>What the values are in.</summary>
    public string Unit { get; }

    /// <summary>The values, in the order of the rounds.</summary>
    public IReadOnlyList<double> Values => _values;

    /// <summary>The median.</summary>
    public double Median => Percentile(0.5);

    /// <summary>Half of the values lie within this range; as a share of the median.</summary>
    public double Spread => Median == 0 ? 0 : (Percentile(0.75) - Percentile(0.25)) / Math.Abs(Median);

    /// <summary>Adds a value.</summary>
    public void Add(double value) => _values.Add(value);

    /// <summary>The value that this share of all values does not exceed.</summary>
    /// <param name="share">From 0 to 1; between two values it is interpolated.</param>
    public double Percentile(double share)
    {
        if (_values.Count == 0)
            return double.NaN;

        var sorted = _values.Order().ToList();
        var position = share * (sorted.Count - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>
    /// How often this one's time the other's takes: the median of the rounds' ratios. Both sides of a round run within a second or two of
    /// each other, so a machine that is slow for a while does not favour either.
    /// </summary>
    public double RatioTo(Series other) => new Series("", _values.Zip(other._values, (ours, theirs) => ours / theirs)).Median;

    /// <summary>A value with its unit.</summary>
    public string Format(double value) => Unit switch
    {
        "ms" when Math.Abs(value) >= 10_000 => $"{value / 1000:0.0} s",
        _ => $"{value.ToString(Math.Abs(value) >= 100 ? "0" : "0.0", null)} {Unit}",
    };
}
