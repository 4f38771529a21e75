using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of checkpoints.</summary>
public sealed class CheckpointNameCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        [.. (await manager.Checkpoints.ListAsync(allOwners: false, cancellationToken).ConfigureAwait(false)).Select(checkpoint => new Candidate(checkpoint.Name, $"{checkpoint.Name}: of {checkpoint.Source}, {Display.Size(checkpoint.Size)}"))];
}
