using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What happens to sandboxes between their making and their removal: the engine freezes, stops and starts, the agent keeps the time.</summary>
/// <param name="client">The engine.</param>
/// <param name="sandboxes">The engine's sandboxes.</param>
/// <param name="agents">The ways to their agents.</param>
/// <param name="images">The engine's images.</param>
/// <param name="networks">The sandboxes' networks.</param>
internal sealed class DockerLifecycle(DockerClient client, DockerSandboxes sandboxes, AgentDirectory agents, DockerImageOperations images, DockerSandboxNetworks networks) : ISandboxLifecycle
{
    // The agent's own farewell, and an engine under load.
    private static readonly TimeSpan StopSlack = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AgentLimit = TimeSpan.FromSeconds(5);

    private readonly DockerCheckpoints _checkpoints = new(client, images);

    /// <inheritdoc/>
    public Task<Sandbox> SuspendAsync(Sandbox sandbox, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        var now = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (now.State == SandboxState.Suspended)
            return now;

        if (now.State != SandboxState.Running)
            throw NotRunning.Create(sandbox, now.State);

        // Its deadline may pass while it cannot say so. Without this it would end before whoever resumes it can give it another one.
        await TellAsync(now, EnvdRoutes.Hold, cancellationToken).ConfigureAwait(false);
        try
        {
            await client.Containers.PauseAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains("already paused", StringComparison.Ordinal))
        {
            // Somebody else did it just now.
        }

        return await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
    }, sandbox);

    /// <inheritdoc/>
    public Task<Sandbox> ResumeAsync(Sandbox sandbox, TimeSpan? timeout, TimeSpan fallback, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        var now = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (now.State == SandboxState.Suspended)
        {
            await UnpauseAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
            now = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        }

        if (now.State != SandboxState.Running)
            throw NotRunning.Create(sandbox, now.State);

        if (agents.Find(now) is null)
            return timeout is null ? now : throw new SandboxException(SandboxError.AgentUnavailable, $"Sandbox '{sandbox}' has no agent, so its deadline cannot be changed.", sandbox, "Leave -Timeout out.");

        var request = new ResumeRequest
        {
            TimeoutMs = timeout is null || timeout == Timeout.InfiniteTimeSpan ? null : (long)timeout.Value.TotalMilliseconds,
            LifetimeMs = (long)fallback.TotalMilliseconds,
            Unlimited = timeout == Timeout.InfiniteTimeSpan ? true : null,
        };
        var deadline = await agents.AskAsync(now, agent => agent.CallAsync(EnvdRoutes.Resume, request, EnvdJson.Default.ResumeRequest, EnvdJson.Default.Deadline, cancellationToken)).ConfigureAwait(false);
        return now.With(AgentDeadline.ToTime(deadline), deadline.Suspended == true);
    }, sandbox);

    /// <inheritdoc/>
    public Task<Sandbox> StopAsync(Sandbox sandbox, TimeSpan grace, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        var now = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (now.State is SandboxState.Stopped or SandboxState.Created or SandboxState.Dead)
            return now;

        // An engine does not stop what is frozen. Nothing runs on for long: the end follows at once.
        if (now.State == SandboxState.Suspended)
            await UnpauseAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);

        // SIGTERM alone would give what runs the agent's own two seconds.
        var running = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        await TellAsync(running, agent => agent.PostAsync(EnvdRoutes.End, new EndRequest((int)grace.TotalMilliseconds), EnvdJson.Default.EndRequest, cancellationToken), cancellationToken).ConfigureAwait(false);
        await client.Containers.StopAsync(sandbox.Id, agents.Find(running) is null ? grace : grace + StopSlack, cancellationToken).ConfigureAwait(false);
        agents.Forget(sandbox.Id);
        return await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
    }, sandbox);

    /// <inheritdoc/>
    public Task<Sandbox> StartAsync(Sandbox sandbox, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        var before = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (before.State == SandboxState.Suspended)
            throw NotRunning.Create(sandbox, before.State);

        if (before.State == SandboxState.Running)
            return before;

        // It may be at another address than before, and its agent knows nobody yet.
        agents.Forget(sandbox.Id);
        await networks.EnsureStartedAsync(before, cancellationToken).ConfigureAwait(false);
        using var patience = new Patience(cancellationToken);
        await client.Containers.StartAsync(sandbox.Id, patience.Token).ConfigureAwait(false);
        var now = await LookAsync(sandbox, cancellationToken).ConfigureAwait(false);
        if (now.State != SandboxState.Running || !await agents.AwaitReadyAsync(now, cancellationToken).ConfigureAwait(false))
            throw new SandboxException(SandboxError.EngineFailed, $"Sandbox '{sandbox}' ended as soon as it had started.", sandbox, "Look at 'docker logs', and make a new one.");

        if (now.IsFromPool)
            await ClaimAgainAsync(now, cancellationToken).ConfigureAwait(false);

        return now;
    }, sandbox);

    // Its agent was started to wait in a pool, and would wait for ever. The variables of its claim were known to the one before it alone.
    private async Task ClaimAgainAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var labels = await new DockerClaims(client).FindAsync(sandbox.Id, cancellationToken).ConfigureAwait(false) ?? new Dictionary<string, string>();
        var lifetime = SandboxLabels.ReadDeadline(labels) - SandboxLabels.ReadCreated(labels);
        var request = new ClaimRequest { Labels = labels, TimeoutMs = (long?)lifetime?.TotalMilliseconds };
        await agents.AskAsync(sandbox, agent => agent.CallAsync(EnvdRoutes.Claim, request, EnvdJson.Default.ClaimRequest, EnvdJson.Default.ClaimState, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<SandboxSpecification> SpecifyAsync(Sandbox sandbox, CancellationToken cancellationToken) => DockerErrors.TranslateAsync(async () =>
    {
        var container = await client.Containers.InspectAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
        var image = await client.Images.InspectAsync(container.Image, cancellationToken).ConfigureAwait(false);
        var specification = SpecificationReading.Read(container, await LookAsync(sandbox, cancellationToken).ConfigureAwait(false), image);
        return sandbox.IsFromPool ? specification with { Environment = await AskEnvironmentAsync(sandbox, specification, cancellationToken).ConfigureAwait(false) } : specification;
    }, sandbox);

    /// <inheritdoc/>
    public Task<string> CommitAsync(Sandbox sandbox, CheckpointLabel? checkpoint, OperationObserver observer, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _checkpoints.CommitAsync(sandbox, checkpoint, observer, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxCheckpoint>> ListCheckpointsAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _checkpoints.ListAsync(cancellationToken));

    /// <inheritdoc/>
    public Task RemoveCheckpointAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _checkpoints.RemoveAsync(checkpoint, cancellationToken), checkpoint);

    /// <inheritdoc/>
    public Task ReleaseAsync(string image, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _checkpoints.ReleaseAsync(image, cancellationToken), image);

    // One that came from a pool was told its variables when it was claimed, and only its agent knows them.
    private async Task<IReadOnlyDictionary<string, string>> AskEnvironmentAsync(Sandbox sandbox, SandboxSpecification specification, CancellationToken cancellationToken)
    {
        var told = await agents.AskAsync(sandbox, agent => agent.GetAsync(EnvdRoutes.Envs, EnvdJson.Default.DictionaryStringString, cancellationToken)).ConfigureAwait(false);
        var variables = new Dictionary<string, string>(specification.Environment);
        foreach (var name in specification.GivenVariables.Where(told.ContainsKey))
            variables[name] = told[name];

        return variables;
    }

    private async Task<Sandbox> LookAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        await sandboxes.FindAsync(sandbox.Id, cancellationToken).ConfigureAwait(false)
            ?? throw new SandboxException(SandboxError.SandboxNotFound, $"Sandbox '{sandbox}' ({sandbox.ShortId}) is gone from {sandbox.Engine}.", sandbox, "Make a new one.");

    private async Task UnpauseAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.UnpauseAsync(id, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.EngineMessage.Contains("not paused", StringComparison.Ordinal))
        {
            return; // somebody else did it just now
        }
    }

    private Task TellAsync(Sandbox sandbox, string route, CancellationToken cancellationToken) =>
        TellAsync(sandbox, agent => agent.PostAsync(route, new EmptyMessage(), EnvdJson.Default.EmptyMessage, cancellationToken), cancellationToken);

    // What the engine is about to do it does whether or not the agent has heard of it.
    private async Task TellAsync(Sandbox sandbox, Func<AgentClient, Task> tell, CancellationToken cancellationToken)
    {
        if (agents.Find(sandbox) is not { } agent)
            return;

        try
        {
            await tell(agent).WaitAsync(AgentLimit, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AgentLostException or ConnectException or TimeoutException)
        {
            return; // it ends just now, or is too busy to answer
        }
    }
}
