using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Sandboxes that wait, warm, until somebody claims them. None of these is a sandbox yet for any other operation of a runtime.</summary>
public interface ISandboxPool
{
    /// <summary>What decides whether a waiting sandbox can become the wanted one: a mark of everything that cannot be changed any more.</summary>
    /// <param name="shape">The wanted sandbox without what a claim gives it.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    Task<string> GetKeyAsync(SandboxSpecification shape, CancellationToken cancellationToken);

    /// <summary>All that wait, were to wait, or ended while they did. Claimed ones are sandboxes, and not among them.</summary>
    Task<IReadOnlyList<PoolMember>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Makes one that waits. Its name is the place that it takes: of several who make it at once, one succeeds.</summary>
    /// <returns>False where somebody has that place already.</returns>
    Task<bool> TryMakeAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>
    /// Makes one that waits the wanted sandbox. What turns out to be dead or used is removed, and the next one is tried. If the claim fails or
    /// is cancelled, what was claimed is gone before the exception comes.
    /// </summary>
    /// <param name="shape">See <see cref="GetKeyAsync"/>.</param>
    /// <param name="wanted">The wanted sandbox.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the claim.</param>
    /// <returns>The sandbox; null where none waits that could become it.</returns>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.NameInUse"/>.</exception>
    Task<Sandbox?> ClaimAsync(SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>Sets when one that waits ends by itself, and sees by that whether it still answers.</summary>
    /// <returns>False where it does not.</returns>
    Task<bool> TryRenewAsync(PoolMember member, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Removes one that waits, or waited until it ended. One that is claimed just now is left alone.</summary>
    /// <returns>Whether it was removed.</returns>
    Task<bool> TryRemoveAsync(PoolMember member, CancellationToken cancellationToken);

    /// <summary>Forgets the claims of containers that are gone, as somebody removed them past us.</summary>
    /// <returns>How many there were.</returns>
    Task<int> ForgetClaimsAsync(CancellationToken cancellationToken);

    /// <summary>Says each time when something happened to one that waits: it started, was claimed, or ended. Goes on until it is cancelled, or the engine is lost.</summary>
    IAsyncEnumerable<string> WatchAsync(CancellationToken cancellationToken);
}
