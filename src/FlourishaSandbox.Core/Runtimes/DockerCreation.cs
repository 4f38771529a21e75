using System.Diagnostics;
using System.Text;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Makes sandboxes, and removes what it made where that fails.</summary>
/// <param name="client">The engine.</param>
/// <param name="containers">The engine's sandboxes.</param>
/// <param name="networks">The engine's networks.</param>
/// <param name="agents">The ways to their agents.</param>
/// <param name="agentFolder">Where agents are found on this machine.</param>
/// <param name="facts">What the engine says of itself.</param>
internal sealed class DockerCreation(DockerClient client, DockerSandboxes containers, DockerSandboxNetworks networks, AgentDirectory agents, string agentFolder, DockerFacts facts)
{
    // The network can go away again, but not for ever.
    private const int NetworkAttempts = 5;

    // How long a container or volume may take to appear that an engine was asked for before the connection was lost. Unloaded, 10 ms.
    private static readonly TimeSpan Appearance = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan AppearancePoll = TimeSpan.FromMilliseconds(100);

    private readonly DockerAgentVolume _agentVolume = new(client);
    private readonly DockerDisk _disk = new(facts);
    private readonly DockerIsolation _isolation = new(client, containers, facts);

    /// <summary>See <see cref="ISandboxRuntime.CreateAsync"/>.</summary>
    public async Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specification);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"Creating sandbox '{specification.Name}' from '{specification.Image}' on {client.Endpoint.Address}.");

        try
        {
            // It answers while the engine does other things, unless its answer decides whether anything is made.
            var isChecked = _isolation.CheckEngineAsync(specification, observer, cancellationToken);
            if (DockerIsolation.MayRefuse(specification))
                await isChecked.ConfigureAwait(false);

            for (var attempt = 1; ; attempt++)
            {
                var network = await networks.EnsureAsync(specification, observer, cancellationToken).ConfigureAwait(false);
                try
                {
                    return await TryCreateAsync(specification, network, isChecked, observer, cancellationToken).ConfigureAwait(false);
                }
                catch (DockerException e) when (network.GrantsOpenFiles && e.EngineMessage.Contains("error setting rlimit", StringComparison.Ordinal))
                {
                    observer.Verbose($"The engine cannot grant {specification.Limits.OpenFileLimit} open files, as it may have fewer itself: its own limit holds for sandboxes.");
                    await networks.RememberFewOpenFilesAsync(cancellationToken).ConfigureAwait(false);
                }
                catch (DockerException e) when (_disk.IsRefusal(e))
                {
                    observer.Verbose("The engine's storage has no quotas: the sandbox's agent sees to its disk limit.");
                }
                catch (DockerException e) when (attempt < NetworkAttempts && e.IsNotFound && e.EngineMessage.Contains("network", StringComparison.Ordinal))
                {
                    // While no sandbox ran, another process made the network anew to remember something, or somebody pruned it.
                    observer.Verbose("The network went away: making it anew.");
                }
                catch (DockerException e) when (attempt < NetworkAttempts && e.EngineMessage.Contains(AgentConnection.Program, StringComparison.Ordinal))
                {
                    observer.Verbose("The agent's volume went away: bringing it anew.");
                    _agentVolume.Forget();
                }
            }
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException)
        {
            throw TranslateCreation(e, specification);
        }
    }

    /// <summary>The container that a sandbox would be, so far as others can be like it: without a creation's mark and a token. Nothing is made that is its own.</summary>
    public async Task<ContainerCreateRequest> PlanAsync(SandboxSpecification specification, CancellationToken cancellationToken)
    {
        var network = await networks.EnsureAsync(specification, OperationObserver.None, cancellationToken).ConfigureAwait(false);
        var agent = await PlaceAgentAsync(specification, creation: "", network, OperationObserver.None, cancellationToken).ConfigureAwait(false);
        return SandboxMapping.ToContainer(specification, creation: "", network, agent is null ? null : agent with { TokenHash = "" });
    }

    private async Task<Sandbox> TryCreateAsync(SandboxSpecification specification, NetworkFacts outside, Task isChecked, OperationObserver observer, CancellationToken cancellationToken)
    {
        var creation = Guid.NewGuid().ToString("N");
        var isAsked = false;
        var isAnswered = false;
        NetworkFacts? network = null;
        try
        {
            network = await networks.PlaceAsync(specification, creation, outside, observer, cancellationToken).ConfigureAwait(false);
            var agent = await PlaceAgentAsync(specification, creation, network, observer, cancellationToken).ConfigureAwait(false);
            var user = await _isolation.FindUserAsync(specification, creation, cancellationToken).ConfigureAwait(false);

            // The engine goes on creating and starting after a caller hangs up. Waiting for its answer, a fraction of a second, is the
            // only way to know afterwards what there is to remove.
            using var patience = new Patience(cancellationToken);
            var request = await _disk.ApplyAsync(SandboxMapping.ToContainer(specification, creation, network, agent, user), specification.Limits.Disk, cancellationToken).ConfigureAwait(false);
            isAsked = true;
            var created = await client.Containers.CreateAsync(request, specification.Name, patience.Token).ConfigureAwait(false);
            isAnswered = true;
            foreach (var warning in created.Warnings ?? [])
                observer.Verbose($"The engine says: {warning}");

            await isChecked.ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return await StartContainerAsync(created.Id, specification, patience.Token, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            var isUnheard = e is not DockerException;
            await RemoveCreationAsync(creation, mayAppear: isUnheard && isAsked && !isAnswered, hasNetwork: specification.Network == NetworkPolicy.Dedicated, mayNetworkAppear: isUnheard && network is null, observer).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<Sandbox> StartContainerAsync(string id, SandboxSpecification specification, CancellationToken patience, CancellationToken cancellationToken)
    {
        await client.Containers.StartAsync(id, patience).ConfigureAwait(false);

        cancellationToken.ThrowIfCancellationRequested();
        var sandbox = await containers.FindMadeAsync(id, cancellationToken).ConfigureAwait(false);
        if (sandbox is not { State: SandboxState.Running } || !await agents.AwaitReadyAsync(sandbox, cancellationToken).ConfigureAwait(false))
            throw new SandboxException(SandboxError.EngineFailed, $"Sandbox '{specification.Name}' ended as soon as it had started; the image '{specification.Image}' cannot run its first process.{await LastWordsAsync(id).ConfigureAwait(false)}", specification.Name, "Try the image with 'docker run'.");

        return sandbox;
    }

    private async Task<AgentPlacement?> PlaceAgentAsync(SandboxSpecification specification, string creation, NetworkFacts network, OperationObserver observer, CancellationToken cancellationToken)
    {
        var (os, architecture) = specification.Platform;
        if (AgentBinary.Find(agentFolder, os, architecture) is not { } binary)
        {
            if (IsolationProfile.For(specification.Isolation).HasReadOnlyRoot)
                throw new SandboxException(SandboxError.AgentUnavailable, $"There is no agent for {os}/{architecture} in '{agentFolder}', without which no file reaches a strict sandbox: the engine does not see into memory.", specification.Image, "Use an image for linux/amd64 or linux/arm64, or -Isolation Standard.");

            if (specification.OnTimeout == TimeoutAction.Suspend)
                throw new SandboxException(SandboxError.AgentUnavailable, $"Sandbox '{specification.Name}' would get no agent, as there is none for {os}/{architecture}, and nobody else suspends it at its deadline.", specification.Name, "Leave -OnTimeout out, or use an image for linux/amd64.");

            observer.Verbose($"There is no agent for {os}/{architecture} in '{agentFolder}': commands and files of '{specification.Name}' go through the Docker Engine.");
            return null;
        }

        var volume = await _agentVolume.EnsureAsync(binary, observer, cancellationToken).ConfigureAwait(false);
        var publish = network.Publishes && client.Endpoint.IsLocal && !AgentRoutes.IsDirect(client.Endpoint, network.Gateway);
        return new AgentPlacement(AgentBinary.Version, volume, agents.HashFor(creation), publish);
    }

    /// <summary>What a sandbox's first process wrote before it ended, as a sentence; empty where it wrote nothing.</summary>
    private async Task<string> LastWordsAsync(string id)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        using var words = new CommandOutputBuffer(limit: 1000);
        try
        {
            var log = await client.Containers.LogsAsync(id, new LogsRequest { Stdout = true, Stderr = true, Tail = 20 }, limit.Token).ConfigureAwait(false);
            await using (log.ConfigureAwait(false))
            {
                var buffer = new byte[1024];
                while (await log.ReadAsync(buffer, limit.Token).ConfigureAwait(false) is { Count: > 0 } chunk)
                    await words.WriteAsync(OutputSource.Output, buffer.AsMemory(0, chunk.Count), limit.Token).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or IOException or InvalidDataException or OperationCanceledException)
        {
            return ""; // that it ended is known, and says more
        }

        return words.Output.Length == 0 ? "" : $" It said: {Encoding.UTF8.GetString(words.Output.Span).Trim()}";
    }

    // Runs when a creation failed or was cancelled: with time of its own, and without hiding why. What the engine was asked for, but never
    // said that it had made, may appear a moment later.
    private async Task RemoveCreationAsync(string creation, bool mayAppear, bool hasNetwork, bool mayNetworkAppear, OperationObserver observer)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}");
            IReadOnlyList<ContainerSummary> found = [];
            await AppearAsync(async token => (found = await client.Containers.ListAsync(all: true, filters, token).ConfigureAwait(false)).Count > 0, mayAppear, limit.Token).ConfigureAwait(false);
            foreach (var container in found)
            {
                // It may have been claimed before we knew that it was ready; then it is somebody's.
                if (SandboxMapping.IsFromPool(container.Labels))
                    await containers.TryRemoveWaitingAsync(container.Id, SandboxLabels.ReadOwner(container.Labels), limit.Token).ConfigureAwait(false);
                else
                    await containers.RemoveAsync(container.Id, limit.Token).ConfigureAwait(false);
            }


            if (hasNetwork)
            {
                await AppearAsync(token => networks.ExistsAsync(creation, token), mayNetworkAppear, limit.Token).ConfigureAwait(false);
                await networks.RemoveAsync(creation, limit.Token).ConfigureAwait(false);
            }

            // A volume bears the mark of the creation that made it, and none where it was there before.
            foreach (var volume in await client.Volumes.ListAsync(filters, limit.Token).ConfigureAwait(false))
                await client.Volumes.RemoveAsync(volume.Name, force: true, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or OperationCanceledException)
        {
            observer.Warning($"What was made of a sandbox that failed could not be removed: {e.Message} Clear-StaleSandbox or 'docker-sandbox cleanup' removes it later.");
        }
    }

    private static async Task AppearAsync(Func<CancellationToken, Task<bool>> isThere, bool mayAppear, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isThere(cancellationToken).ConfigureAwait(false) && mayAppear && Stopwatch.GetElapsedTime(started) < Appearance)
            await Task.Delay(AppearancePoll, cancellationToken).ConfigureAwait(false);
    }

    private static SandboxException TranslateCreation(Exception exception, SandboxSpecification specification) => exception switch
    {
        DockerException { IsConflict: true } e when e.EngineMessage.Contains("is already in use", StringComparison.Ordinal) =>
            new SandboxException(SandboxError.NameInUse, $"The name '{specification.Name}' is taken by another container on this engine.", specification.Name, "Choose another name, or remove that one.", e),
        DockerException { IsNotFound: true } e when e.EngineMessage.Contains("No such image", StringComparison.OrdinalIgnoreCase) =>
            new SandboxException(SandboxError.ImageNotFound, $"The image '{specification.Image}' went away while sandbox '{specification.Name}' was made.", specification.Image, "Try again.", e),
        DockerException e when e.EngineMessage.Contains("\"sleep\"", StringComparison.Ordinal) =>
            new SandboxException(SandboxError.EngineFailed, $"The image '{specification.Image}' has no 'sleep', which keeps a sandbox alive until its deadline.", specification.Image, "Use an image with coreutils or BusyBox.", e),
        _ => DockerErrors.Translate(exception, specification.Name),
    };
}
