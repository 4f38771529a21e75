using System.Globalization;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Changes of limits, written down.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedLimits(ISandboxLimits inner, AuditRecorder recorder) : ISandboxLimits
{
    /// <inheritdoc/>
    public Task<Sandbox> ChangeAsync(Sandbox sandbox, LimitChange change, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(change);
        var action = new AuditedAction("set-limits", sandbox,
            ("memory", change.Memory?.ToString(CultureInfo.InvariantCulture)),
            ("cpus", change.Cpus?.ToString(CultureInfo.InvariantCulture)),
            ("pidLimit", change.PidLimit?.ToString(CultureInfo.InvariantCulture)));
        return recorder.RecordAsync(action, () => inner.ChangeAsync(sandbox, change, cancellationToken));
    }

    /// <inheritdoc/>
    public Task EndAsync(Sandbox sandbox, TimeSpan? grace, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction(grace is null ? "limit-kill" : "limit-stop", sandbox), () => inner.EndAsync(sandbox, grace, cancellationToken));
}
