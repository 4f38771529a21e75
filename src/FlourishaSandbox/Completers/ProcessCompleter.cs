using System.Collections;
using System.Globalization;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers the processes of the sandbox that has been typed: by tag, or by number where they have none.</summary>
public class ProcessCompleter : Completer
{
    /// <summary>The words by which a process can be named.</summary>
    private protected virtual string? NameOf(SandboxProcess process) => process.Tag ?? process.Id.ToString(CultureInfo.InvariantCulture);

    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken)
    {
        if (Typed(bound["Sandbox"]) is not { } reference)
            return [];

        var sandbox = await manager.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        var processes = await manager.Processes.ListAsync(sandbox, includeEnded: true, cancellationToken).ConfigureAwait(false);
        return
        [
            .. from process in processes
               let name = NameOf(process)
               where name is not null
               group process by name into named
               select new Candidate(named.Key, Display.Clean($"{named.Last().State}: {named.Last().Command}")),
        ];
    }

    internal static SandboxReference? Typed(object? value) => Values.Unwrap(value) switch
    {
        Sandbox sandbox => new SandboxReference(sandbox),
        string { Length: > 0 } text => new SandboxReference(text),
        object?[] { Length: 1 } one => Typed(one[0]),
        _ => null,
    };
}
