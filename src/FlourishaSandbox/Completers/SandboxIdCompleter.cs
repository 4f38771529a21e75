using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the short ids of the user's sandboxes.</summary>
public sealed class SandboxIdCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken)
    {
        var sandboxes = await manager.ListAsync(new SandboxFilter { Owner = SandboxSession.Owner }, cancellationToken).ConfigureAwait(false);
        return [.. sandboxes.Select(sandbox => new Candidate(sandbox.ShortId, $"{sandbox.Name}: {sandbox.State}"))];
    }
}
