using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>A sandbox used more than it should.</summary>
public sealed record LimitBreach
{
    /// <summary>The sandbox.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>When it was found, by the caller's clock.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary>Of what.</summary>
    public required LimitKind Kind { get; init; }

    /// <summary>How much: bytes, cores or a number of processes.</summary>
    public required double Used { get; init; }

    /// <summary>The sandbox's own limit, in the same unit; 0 for none.</summary>
    public required double Limit { get; init; }

    /// <summary><see cref="Used"/> in percent of <see cref="Limit"/>; 0 where there is no limit.</summary>
    public double Percent => Limit > 0 ? 100 * Used / Limit : 0;

    /// <summary>What it should have used at most.</summary>
    public required LimitThreshold Threshold { get; init; }

    /// <summary>For how long it had used so much.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>What was done.</summary>
    public required LimitAction Action { get; init; }

    /// <summary>How much of how much.</summary>
    /// <returns>For example <c>1.9GB of 2GB (95%)</c>.</returns>
    public string Describe() => Limit > 0
        ? string.Create(CultureInfo.InvariantCulture, $"{LimitThreshold.Amount(Kind, Used)} of {LimitThreshold.Amount(Kind, Limit)} ({Percent:0}%)")
        : LimitThreshold.Amount(Kind, Used);

    /// <summary>The breach as a sentence.</summary>
    /// <returns>For example <c>Sandbox 'box' uses 1.9GB of 2GB (95%) memory, which is 90% or more.</c></returns>
    public override string ToString() => $"Sandbox '{Sandbox}' uses {Describe()} {NameOf(Kind)}, which is {Threshold} or more{(Duration > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $" for {Duration.TotalSeconds:0} s") : "")}.";

    private static string NameOf(LimitKind kind) => kind switch
    {
        LimitKind.Cpu => "CPUs",
        LimitKind.Processes => "processes",
        LimitKind.Disk => "disk",
        _ => "memory",
    };
}
