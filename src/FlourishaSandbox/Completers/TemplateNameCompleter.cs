using System.Collections;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the names of templates.</summary>
public sealed class TemplateNameCompleter : Completer
{
    private protected override Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Candidate>>([.. manager.Templates.List().Select(template => new Candidate(template.Name, template.Description.Length == 0 ? template.Name : template.Description))]);
}
