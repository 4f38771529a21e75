using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the ids of open pages.</summary>
public sealed class PageCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        [.. (await PageSession.For(manager).ListAsync(cancellationToken).ConfigureAwait(false)).Select(page => new Candidate(page.Id, Display.Clean($"{page.Title} {page.Url}")))];
}
