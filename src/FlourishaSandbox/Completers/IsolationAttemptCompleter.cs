using System.Collections;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of attempts on a sandbox.</summary>
public sealed class IsolationAttemptCompleter : Completer
{
    private protected override Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Candidate>>([.. SandboxIsolation.Attempts.Select(name => new Candidate(name, name))]);
}
