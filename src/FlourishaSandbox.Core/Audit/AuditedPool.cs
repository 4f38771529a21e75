using FlourishaSandbox.Pools;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Pools, written down: what was made to wait, claimed and removed. That one that waits lives on is no news.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedPool(ISandboxPool inner, AuditRecorder recorder) : ISandboxPool
{
    /// <summary>The action of a claim. One without a sandbox at its end found none that waited.</summary>
    public const string Claim = "claim";

    /// <inheritdoc/>
    public Task<string> GetKeyAsync(SandboxSpecification shape, CancellationToken cancellationToken) => inner.GetKeyAsync(shape, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<PoolMember>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryMakeAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specification);
        return recorder.RecordAsync(new AuditedAction("pool-make", Sandbox: null, ("name", specification.Name), ("template", specification.Template)), () => inner.TryMakeAsync(specification, observer, cancellationToken));
    }

    /// <inheritdoc/>
    public Task<Sandbox?> ClaimAsync(SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return recorder.RecordAsync(new AuditedAction(Claim, Sandbox: null, ("name", wanted.Name), ("template", wanted.Template)), () => inner.ClaimAsync(shape, wanted, observer, cancellationToken), claimed => new AuditedEnd(claimed));
    }

    /// <inheritdoc/>
    public Task<bool> TryRenewAsync(PoolMember member, TimeSpan lifetime, CancellationToken cancellationToken) => inner.TryRenewAsync(member, lifetime, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> TryRemoveAsync(PoolMember member, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        return recorder.RecordAsync(new AuditedAction("pool-remove", member.Sandbox) { Frees = true }, () => inner.TryRemoveAsync(member, cancellationToken));
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken) => inner.WatchAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<int> ForgetClaimsAsync(CancellationToken cancellationToken) => inner.ForgetClaimsAsync(cancellationToken);
}
