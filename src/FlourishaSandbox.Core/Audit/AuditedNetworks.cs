using System.Net;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Networks, written down: what is removed though its sandbox was not there. All else belongs to what is done to a sandbox.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedNetworks(ISandboxNetworks inner, AuditRecorder recorder) : ISandboxNetworks
{
    /// <inheritdoc/>
    public IPAddress? FindAddress(Sandbox sandbox) => inner.FindAddress(sandbox);

    /// <inheritdoc/>
    public Task EnsureStartedAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.EnsureStartedAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StaleNetwork>> ListStaleAsync(CancellationToken cancellationToken) => inner.ListStaleAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(StaleNetwork network, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        return recorder.RecordAsync(new AuditedAction("remove-network", Sandbox: null, ("network", network.Name), ("name", network.SandboxName)) { Frees = true }, () => inner.RemoveAsync(network, cancellationToken));
    }
}
