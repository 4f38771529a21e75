using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What sandboxes may leave on a Docker Engine, recognised by our labels.</summary>
/// <param name="client">The engine.</param>
/// <param name="sandboxes">The engine's sandboxes.</param>
/// <param name="networks">The sandboxes' networks.</param>
/// <param name="agents">The ways to their agents.</param>
/// <param name="agentFolder">Where agents are found on this machine: those are not old.</param>
internal sealed class DockerRemains(DockerClient client, DockerSandboxes sandboxes, DockerSandboxNetworks networks, AgentDirectory agents, string agentFolder) : ISandboxRemains
{
    private const string AgentRepository = "flourisha-agent";

    private static readonly string[] s_architectures = ["amd64", "arm64"];

    // An agent under load may take its time; nothing is removed because it did.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Remnant>> ListAsync(CancellationToken cancellationToken) => DockerErrors.TranslateAsync<IReadOnlyList<Remnant>>(async () =>
    {
        // What is made later than the containers were listed would seem to have none: so they are listed last.
        var filters = new DockerFilters().Add("label", SandboxLabels.Kind);
        var all = await client.Networks.ListAsync(filters, cancellationToken).ConfigureAwait(false);
        var volumes = await client.Volumes.ListAsync(filters, cancellationToken).ConfigureAwait(false);
        var images = await client.Images.ListAsync(filters, cancellationToken).ConfigureAwait(false);
        var containers = new RemainingContainers(await client.Containers.ListAsync(all: true, new DockerFilters(), cancellationToken).ConfigureAwait(false));
        return
        [
            .. containers.Helpers(),
            .. all.Where(network => IsOfCreation(network.Labels)).Select(network => containers.Remnant(StaleKind.Network, network.Id, network.Name, network.Created, network.Labels)),
            .. volumes.Where(volume => IsOfCreation(volume.Labels) && KindOf(volume.Labels) != SandboxLabels.VolumeKind).Select(volume => containers.Remnant(StaleKind.Volume, volume.Name, volume.Name, volume.CreatedAt ?? DateTimeOffset.UnixEpoch, volume.Labels)),
            .. images.Where(IsUnnamed).Select(image => containers.Image(image)),
            .. RemainingAgents.Find(containers, volumes, images, Current()),
        ];
    });

    /// <inheritdoc/>
    public Task<Sandbox?> ConfirmAsync(Sandbox sandbox, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        if (await sandboxes.FindAsync(sandbox.Id, cancellationToken).ConfigureAwait(false) is not { } now)
            return null;

        if (now.State == SandboxState.Running)
            return await AskAsync(now, cancellationToken).ConfigureAwait(false);

        // A frozen agent says nothing, and its deadline may have been moved before it was frozen. It is let go on for the moment that it takes to
        // ask; where the deadline has passed, it gives those who ask some seconds.
        if (now.State != SandboxState.Suspended || now.AgentVersion is null || !(now.Deadline <= DateTimeOffset.UtcNow))
            return now;

        await client.Containers.UnpauseAsync(now.Id, cancellationToken).ConfigureAwait(false);
        var asked = await AskAsync(await sandboxes.FindAsync(now.Id, CancellationToken.None).ConfigureAwait(false) ?? now, CancellationToken.None).ConfigureAwait(false);
        if (asked.HasToldDeadline && asked.Deadline <= DateTimeOffset.UtcNow)
            return asked;

        await client.Containers.PauseAsync(now.Id, CancellationToken.None).ConfigureAwait(false);
        return asked.HasToldDeadline ? now.With(asked.Deadline) : now;
    }, sandbox);

    /// <inheritdoc/>
    public Task RemoveHalfMadeAsync(Sandbox sandbox, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        await sandboxes.RemoveAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (sandbox.Creation is not { } creation)
            return;

        if (sandbox.HasOwnNetwork)
            await networks.RemoveAsync(creation, cancellationToken).ConfigureAwait(false);

        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}");
        foreach (var volume in await client.Volumes.ListAsync(filters, cancellationToken).ConfigureAwait(false))
            await TryAsync(() => client.Volumes.RemoveAsync(volume.Name, force: true, cancellationToken)).ConfigureAwait(false);
    }, sandbox);

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(Remnant remnant, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(() => remnant.Kind switch
    {
        StaleKind.Network => RemoveNetworkAsync(remnant, cancellationToken),
        StaleKind.Volume => TryAsync(() => client.Volumes.RemoveAsync(remnant.Id, force: true, cancellationToken)),
        StaleKind.Image => TryAsync(() => client.Images.RemoveAsync(remnant.Id, force: false, cancellationToken)),
        StaleKind.Agent => RemoveAgentAsync(remnant.Id, cancellationToken),
        _ => TryAsync(() => sandboxes.RemoveAsync(remnant.Id, cancellationToken)),
    }, remnant);

    private static string? KindOf(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(SandboxLabels.Kind);

    private static bool IsOfCreation(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(SandboxLabels.Creation);

    private static bool IsUnnamed(ImageSummary image) =>
        KindOf(image.Labels) is SandboxLabels.ForkKind or SandboxLabels.CheckpointKind && image.RepoTags.All(tag => tag == "<none>:<none>");

    // In use, or gone already.
    private static async Task<bool> TryAsync(Func<Task> remove)
    {
        try
        {
            await remove().ConfigureAwait(false);
            return true;
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return true;
        }
        catch (DockerException e) when (e.IsConflict || e.StatusCode == System.Net.HttpStatusCode.Forbidden)
        {
            return false;
        }
    }

    // With what serves on it, which would hold it.
    private async Task<bool> RemoveNetworkAsync(Remnant remnant, CancellationToken cancellationToken)
    {
        if (await client.Networks.InspectAsync(remnant.Id, cancellationToken).ConfigureAwait(false) is not { } network)
            return true;

        await networks.RemoveAsync(network.Labels.GetValueOrDefault(SandboxLabels.Creation, ""), cancellationToken).ConfigureAwait(false);
        return await TryAsync(() => client.Networks.RemoveAsync(remnant.Id, cancellationToken)).ConfigureAwait(false);
    }

    // The container first: who looks for the agent looks for that, and brings it anew.
    private async Task<bool> RemoveAgentAsync(string name, CancellationToken cancellationToken)
    {
        await sandboxes.RemoveAsync(name, cancellationToken).ConfigureAwait(false);
        return await TryAsync(() => client.Volumes.RemoveAsync(name, force: true, cancellationToken)).ConfigureAwait(false)
            && await TryAsync(() => client.Images.RemoveAsync($"{AgentRepository}:{name[(AgentRepository.Length + 1)..]}", force: false, cancellationToken)).ConfigureAwait(false);
    }

    private HashSet<string> Current() =>
        [.. s_architectures.Select(architecture => AgentBinary.Find(agentFolder, "linux", architecture)).OfType<AgentBinary>().Select(agent => $"{AgentRepository}-{agent.Digest[..12]}")];

    private async Task<Sandbox> AskAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        if (agents.Find(sandbox) is not { } agent)
            return sandbox;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            var deadline = await agent.GetAsync(EnvdRoutes.Deadline, EnvdJson.Default.Deadline, limit.Token).ConfigureAwait(false);
            return sandbox.With(AgentDeadline.ToTime(deadline), deadline.Suspended == true);
        }
        catch (Exception e) when (e is AgentLostException or ConnectException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return await sandboxes.FindAsync(sandbox.Id, cancellationToken).ConfigureAwait(false) ?? sandbox; // perhaps it has just ended
        }
    }
}
