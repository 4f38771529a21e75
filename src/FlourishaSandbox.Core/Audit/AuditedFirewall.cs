using FlourishaSandbox.Firewall;
using FlourishaSandbox.Runtimes;

namespace FlourishaSandbox.Audit;

/// <summary>The host's firewall, written down where it changes.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedFirewall(ISandboxFirewall inner, AuditRecorder recorder) : ISandboxFirewall
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallRule>> PlanAsync(CancellationToken cancellationToken) => inner.PlanAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallRule>> ReadAsync(CancellationToken cancellationToken) => inner.ReadAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool?> IsInstalledAsync(CancellationToken cancellationToken) => inner.IsInstalledAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<FirewallRule>> InstallAsync(CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("install-firewall", Sandbox: null), () => inner.InstallAsync(cancellationToken));

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("remove-firewall", Sandbox: null), () => inner.RemoveAsync(cancellationToken));
}
