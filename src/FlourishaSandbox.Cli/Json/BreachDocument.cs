using FlourishaSandbox.Enforcement;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A sandbox that used more than it should.</summary>
/// <param name="Sandbox">The sandbox's name.</param>
/// <param name="Id">The sandbox's id.</param>
/// <param name="Time">When it was found.</param>
/// <param name="Kind">Of what.</param>
/// <param name="Used">How much: bytes, cores or a number of processes.</param>
/// <param name="Limit">Its own limit, in the same unit; 0 for none.</param>
/// <param name="Percent">The share of that; 0 where there is no limit.</param>
/// <param name="Threshold">What it should have used at most, as it was written.</param>
/// <param name="DurationSeconds">For how long it had used so much.</param>
/// <param name="Action">What was done.</param>
internal sealed record BreachDocument(string Sandbox, string Id, DateTimeOffset Time, LimitKind Kind, double Used, double Limit, double Percent, string Threshold, double DurationSeconds, LimitAction Action)
{
    /// <summary>The document for a breach.</summary>
    /// <param name="breach">The breach.</param>
    /// <returns>The document.</returns>
    public static BreachDocument For(LimitBreach breach) => new(
        breach.Sandbox.Name,
        breach.Sandbox.Id,
        breach.Time,
        breach.Kind,
        Math.Round(breach.Used, 3),
        breach.Limit,
        Math.Round(breach.Percent, 2),
        breach.Threshold.ToString(),
        Math.Round(breach.Duration.TotalSeconds, 3),
        breach.Action);
}
