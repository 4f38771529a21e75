using System.Collections;
using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Completers;

/// <summary>Offers ports of the sandbox that has been typed: those on which something listens, and those that it names.</summary>
public sealed class PortCompleter : Completer
{
    private protected override async Task<IReadOnlyList<Candidate>> FindAsync(SandboxManager manager, IDictionary bound, CancellationToken cancellationToken)
    {
        if (ProcessCompleter.Typed(bound["Sandbox"]) is not { } reference)
            return [];

        var sandbox = await manager.GetAsync(reference, cancellationToken).ConfigureAwait(false);
        var ports = new SortedDictionary<int, string>();
        foreach (var port in sandbox.Ports)
            ports[port.Port] = "named when the sandbox was made; nothing listens there";

        foreach (var listener in await ListAsync(manager, sandbox, cancellationToken).ConfigureAwait(false))
        {
            if (!ports.TryGetValue(listener.Port, out var known) || !known.StartsWith("listens", StringComparison.Ordinal))
                ports[listener.Port] = $"listens: {listener.ProcessName ?? "another user's process"}{(listener.IsReachable ? "" : $", on {listener.Address} only")}";
        }

        return [.. ports.Select(port => new Candidate(port.Key.ToString(CultureInfo.InvariantCulture), Display.Clean(port.Value)))];
    }

    private static async Task<IReadOnlyList<Hosting.SandboxListener>> ListAsync(SandboxManager manager, Sandbox sandbox, CancellationToken cancellationToken)
    {
        try
        {
            return await manager.Ports.ListAsync(sandbox, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException)
        {
            return []; // it has no agent, or does not run: what it names is known all the same
        }
    }
}
