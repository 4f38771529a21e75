using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Finds and removes containers that are sandboxes.</summary>
/// <param name="client">The engine.</param>
/// <param name="claims">Which containers of pools have become sandboxes.</param>
/// <param name="agents">The ways to their agents.</param>
internal sealed class DockerSandboxes(DockerClient client, DockerClaims claims, AgentDirectory agents)
{
    // How many containers are asked about at once: enough to hide the round trips, not enough to burden the engine.
    private const int InspectParallelism = 8;

    // How long a sandbox may take to say whose it is.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);

    private string Engine => client.Endpoint.Address.ToString();

    /// <summary>All sandboxes, oldest first, each as <paramref name="complete"/> makes it.</summary>
    public async Task<IReadOnlyList<Sandbox>> ListAsync(Func<Sandbox, CancellationToken, Task<Sandbox>> complete, CancellationToken cancellationToken)
    {
        // Sandboxes, and what was made for pools: of those, the claimed ones.
        var filters = new DockerFilters().Add("label", SandboxLabels.Creation);
        var containers = (await client.Containers.ListAsync(all: true, filters, cancellationToken).ConfigureAwait(false)).Where(one => SandboxMapping.IsSandbox(one.Labels) || SandboxMapping.IsFromPool(one.Labels)).ToList();
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
            return SandboxMapping.IsSandbox(container.Config.Labels) ? SandboxMapping.ToSandbox(container, Engine)
                : SandboxMapping.IsFromPool(container.Config.Labels) ? await FindClaimedAsync(container, cancellationToken).ConfigureAwait(false)
                : null;
        }
        catch (DockerException e) when (e.IsNotFound || e.EngineMessage.Contains("multiple IDs", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
    }

    /// <summary>A container that was just made, whether as a sandbox or to wait in a pool; null where it is gone.</summary>
    public async Task<Sandbox?> FindMadeAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            return SandboxMapping.ToSandbox(await client.Containers.InspectAsync(id, cancellationToken).ConfigureAwait(false), Engine);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Removes a sandbox's container, and the claim by which it became one; one that is gone already is no error.</summary>
    public async Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        await RemoveAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
        if (sandbox.IsFromPool)
            await claims.RemoveAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a container that waits in a pool, by a claim of our own: unless somebody claims it just now.</summary>
    /// <returns>Whether it was removed.</returns>
    public async Task<bool> TryRemoveWaitingAsync(string id, string owner, CancellationToken cancellationToken)
    {
        var labels = new Dictionary<string, string> { [SandboxLabels.Owner] = owner, [SandboxLabels.Created] = SandboxLabels.Write(DateTimeOffset.UtcNow) };
        if (!await claims.TryTakeAsync(id, labels, cancellationToken).ConfigureAwait(false))
            return false;

        await RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        await claims.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>Removes a container; one that is gone already is no error.</summary>
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

    private async Task<Sandbox?> FindClaimedAsync(ContainerInspection container, CancellationToken cancellationToken)
    {
        if (await claims.FindAsync(container.Id, cancellationToken).ConfigureAwait(false) is { } claim)
            return SandboxMapping.ToSandbox(DockerClaims.Apply(container, claim), Engine);

        if (DockerClaims.BearsPoolName(container.Config.Labels, container.Name))
            return null; // it waits

        // Somebody pruned the engine's volumes, and the claim with them. The agent knows it too, as long as it runs.
        var sandbox = SandboxMapping.ToSandbox(container, Engine);
        return await AskForClaimAsync(sandbox, cancellationToken).ConfigureAwait(false) is { } told ? SandboxMapping.ToSandbox(DockerClaims.Apply(container, told), Engine) : sandbox;
    }

    private async Task<IReadOnlyDictionary<string, string>?> AskForClaimAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            return agents.Find(sandbox) is { } agent ? (await agent.GetAsync(EnvdRoutes.Claim, EnvdJson.Default.ClaimState, limit.Token).ConfigureAwait(false)).Labels : null;
        }
        catch (Exception e) when (e is AgentLostException or ConnectException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null; // what its container says has to do
        }
    }
}
