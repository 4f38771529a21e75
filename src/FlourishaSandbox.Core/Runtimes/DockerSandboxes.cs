using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Finds and removes containers that are sandboxes.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerSandboxes(DockerClient client)
{
    // How many containers are asked about at once: enough to hide the round trips, not enough to burden the engine.
    private const int InspectParallelism = 8;

    private string Engine => client.Endpoint.Address.ToString();

    /// <summary>All sandboxes, oldest first, each as <paramref name="complete"/> makes it.</summary>
    public async Task<IReadOnlyList<Sandbox>> ListAsync(Func<Sandbox, CancellationToken, Task<Sandbox>> complete, CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.SandboxKind}");
        var containers = await client.Containers.ListAsync(all: true, filters, cancellationToken).ConfigureAwait(false);
        var sandboxes = new Sandbox?[containers.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = InspectParallelism, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(Enumerable.Range(0, containers.Count), parallel, async (i, token) =>
        {
            if (await FindAsync(containers[i].Id, token).ConfigureAwait(false) is { } sandbox)
                sandboxes[i] = await complete(sandbox, token).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return [.. sandboxes.OfType<Sandbox>().OrderBy(sandbox => sandbox.CreatedAt)];
    }

    /// <summary>The sandbox of this name or id; null where there is none, or several.</summary>
    public async Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        try
        {
            var container = await client.Containers.InspectAsync(nameOrId, cancellationToken).ConfigureAwait(false);
            return SandboxMapping.IsSandbox(container.Config.Labels) ? SandboxMapping.ToSandbox(container, Engine) : null;
        }
        catch (DockerException e) when (e.IsNotFound || e.EngineMessage.Contains("multiple IDs", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
    }

    /// <summary>Removes a sandbox's container; one that is gone already is no error.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.RemoveAsync(id, force: true, removeVolumes: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return; // gone, as wanted
        }
        catch (DockerException e) when (e.IsConflict && e.EngineMessage.Contains("already in progress", StringComparison.Ordinal))
        {
            // Somebody else is removing it: it is gone when it can no longer be found.
            while (await FindAsync(id, cancellationToken).ConfigureAwait(false) is not null)
                await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
        }
    }
}
