using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of the user's sandboxes.</summary>
public sealed class SandboxCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken)
    {
        var sandboxes = await manager.ListAsync(new SandboxFilter { Owner = SandboxSession.Owner }, cancellationToken).ConfigureAwait(false);
        return [.. sandboxes.Select(sandbox => new Candidate(sandbox.Name, $"{sandbox.Name}: {sandbox.State}, {sandbox.Template ?? sandbox.Image}"))];
    }
}
