using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of pools.</summary>
public sealed class PoolNameCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        [.. (await manager.Pools.ListAsync(allOwners: false, cancellationToken).ConfigureAwait(false)).Select(pool => new Candidate(pool.Name, $"{pool.Ready} of {pool.Size} wait"))];
}
