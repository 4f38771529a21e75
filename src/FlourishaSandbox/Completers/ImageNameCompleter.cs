using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of images that were built here.</summary>
public sealed class ImageNameCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        [.. (await manager.Images.ListAsync(cancellationToken).ConfigureAwait(false)).Select(image => new Candidate(image.Name, $"{image.Name}, {Display.Size(image.Size)}"))];
}
