using System.Diagnostics;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>Finds in one measurement after the other what is more than it should be. What stays so is told once, until it has been less again.</summary>
/// <param name="policy">What it should be.</param>
internal sealed class LimitWatch(LimitPolicy policy)
{
    private readonly Dictionary<LimitThreshold, (long Since, bool IsTold)> _above = [];

    /// <summary>Takes a measurement.</summary>
    /// <param name="metrics">The measurement.</param>
    /// <param name="now">When it was made, in <see cref="Stopwatch"/>'s ticks.</param>
    /// <returns>What is to be told.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a share of a limit that the sandbox does not have.</exception>
    public IReadOnlyList<LimitBreach> Take(SandboxMetrics metrics, long now)
    {
        var breaches = new List<LimitBreach>();
        foreach (var threshold in policy.Thresholds)
        {
            var (used, limit) = LimitThreshold.Read(threshold.Kind, metrics);
            if (used < threshold.BoundFor(metrics.Sandbox, limit))
            {
                _above.Remove(threshold);
                continue;
            }

            var (since, isTold) = _above.GetValueOrDefault(threshold, (now, false));
            var duration = Stopwatch.GetElapsedTime(since, now);
            var isDue = !isTold && duration >= policy.For;
            _above[threshold] = (since, isTold || isDue);
            if (isDue)
                breaches.Add(new LimitBreach { Sandbox = metrics.Sandbox, Time = metrics.Time, Kind = threshold.Kind, Used = used, Limit = limit, Threshold = threshold, Duration = duration, Action = policy.Action });
        }

        return breaches;
    }
}
