using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Makes a container that waits in a pool somebody's sandbox. The order matters: first the claim is written down, which one process alone can
/// do; then the agent is told, which says yes once; last comes the name. A process that is killed on the way leaves a container that bears
/// its pool's name and a claim, and looks like a sandbox that was never started.
/// </summary>
/// <param name="client">The engine.</param>
/// <param name="sandboxes">Removes containers.</param>
/// <param name="claims">Who claimed which.</param>
/// <param name="agents">The ways to their agents.</param>
internal sealed class DockerClaiming(DockerClient client, DockerSandboxes sandboxes, DockerClaims claims, AgentDirectory agents)
{
    // An agent that waits answers in a millisecond. One that does not within this is not worth waiting for: making a sandbox takes less.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Youth = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan YouthPoll = TimeSpan.FromMilliseconds(5);

    /// <summary>Claims the first that can be claimed.</summary>
    /// <param name="members">Those that can become the wanted sandbox.</param>
    /// <param name="shape">What they were made as.</param>
    /// <param name="wanted">The wanted sandbox.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the claim.</param>
    /// <returns>The sandbox; null where all are dead, or others'.</returns>
    public async Task<Sandbox?> ClaimAsync(IEnumerable<ContainerSummary> members, SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (await IsThereAsync(wanted.Name, cancellationToken).ConfigureAwait(false))
            throw NameInUse(wanted);

        foreach (var member in members)
        {
            var labels = SandboxLabels.Write(wanted, member.Labels.GetValueOrDefault(SandboxLabels.Creation, ""), member.Labels.GetValueOrDefault(SandboxLabels.Agent));

            // Only the answer tells whether it is ours, and has to be given back.
            using var patience = new Patience(cancellationToken);
            if (!await claims.TryTakeAsync(member.Id, labels, patience.Token).ConfigureAwait(false))
            {
                observer.Verbose($"'{member.Name}' was claimed by somebody else.");
                continue;
            }

            try
            {
                cancellationToken.ThrowIfCancellationRequested();
                return await TakeAsync(member, labels, shape, wanted, observer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (IsDefect(e, cancellationToken))
            {
                observer.Verbose($"'{member.Name}' cannot be used, and is removed: {e.Message}");
                await RemoveAsync(member.Id, observer).ConfigureAwait(false);
            }
            catch
            {
                await RemoveAsync(member.Id, observer).ConfigureAwait(false);
                throw;
            }
        }

        return null;
    }

    private async Task<Sandbox> TakeAsync(ContainerSummary member, Dictionary<string, string> labels, SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        observer.Verbose($"Claiming '{member.Name}' from pool '{member.Labels.GetValueOrDefault(SandboxLabels.Pool)}' as '{wanted.Name}'.");
        var container = await client.Containers.InspectAsync(member.Id, cancellationToken).ConfigureAwait(false);
        var sandbox = SandboxMapping.ToSandbox(container, client.Endpoint.Address.ToString());
        if (sandbox.State != SandboxState.Running)
            throw new SandboxException(SandboxError.SandboxNotRunning, $"it is {sandbox.State.ToString().ToLowerInvariant()}");

        var updating = UpdateAsync(sandbox, wanted.Limits, cancellationToken);
        await Task.WhenAll(updating, TellAgentAsync(sandbox, labels, shape, wanted, cancellationToken)).ConfigureAwait(false);
        if (await updating.ConfigureAwait(false))
            container = await client.Containers.InspectAsync(member.Id, cancellationToken).ConfigureAwait(false);

        using var patience = new Patience(cancellationToken);
        try
        {
            await client.Containers.RenameAsync(member.Id, wanted.Name, patience.Token).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsConflict)
        {
            throw NameInUse(wanted, e);
        }

        cancellationToken.ThrowIfCancellationRequested();
        return SandboxMapping.ToSandbox(DockerClaims.Apply(container with { Name = wanted.Name }, labels), sandbox.Engine);
    }

    private async Task TellAgentAsync(Sandbox sandbox, Dictionary<string, string> labels, SandboxSpecification shape, SandboxSpecification wanted, CancellationToken cancellationToken)
    {
        var request = new ClaimRequest
        {
            Labels = labels,
            EnvVars = wanted.Environment.Where(variable => !shape.Environment.TryGetValue(variable.Key, out var value) || value != variable.Value).ToDictionary(),
            TimeoutMs = (long?)wanted.Timeout?.TotalMilliseconds,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        while (true)
        {
            try
            {
                await agents.Get(sandbox).CallAsync(EnvdRoutes.Claim, request, EnvdJson.Default.ClaimRequest, EnvdJson.Default.ClaimState, limit.Token).ConfigureAwait(false);
                return;
            }
            catch (AgentLostException) when (DateTimeOffset.UtcNow - sandbox.CreatedAt < Youth)
            {
                // It has only just been started, and does not listen yet.
                await Task.Delay(YouthPoll, limit.Token).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> UpdateAsync(Sandbox sandbox, ResourceLimits wanted, CancellationToken cancellationToken)
    {
        var has = sandbox.Limits;
        var change = new LimitChange
        {
            Memory = wanted.Memory == has.Memory ? null : wanted.Memory,
            Cpus = Math.Abs(wanted.Cpus - has.Cpus) < 0.0001 ? null : wanted.Cpus,
            PidLimit = wanted.PidLimit == has.PidLimit ? null : wanted.PidLimit,
        };
        if (change.IsEmpty)
            return false;

        await client.Containers.UpdateAsync(sandbox.Id, SandboxMapping.ToUpdate(sandbox, change), cancellationToken).ConfigureAwait(false);
        return true;
    }

    private async Task<bool> IsThereAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var container = await client.Containers.InspectAsync(name, cancellationToken).ConfigureAwait(false);
            return container.Name.TrimStart('/') == name;
        }
        catch (DockerException e) when (e.IsNotFound || e.EngineMessage.Contains("multiple IDs", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
    }

    // Runs when a claim failed or was cancelled: with time of its own, and without hiding why.
    private async Task RemoveAsync(string id, OperationObserver observer)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            await sandboxes.RemoveAsync(id, limit.Token).ConfigureAwait(false);
            await claims.RemoveAsync(id, limit.Token).ConfigureAwait(false);
            agents.Forget(id);
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or OperationCanceledException)
        {
            observer.Warning($"A sandbox of a pool that could not be claimed could not be removed either: {e.Message} Clear-StaleSandbox or 'docker-sandbox cleanup' removes it later.");
        }
    }

    // What speaks against this one, and not against all.
    private static bool IsDefect(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException => !cancellationToken.IsCancellationRequested,
        SandboxException e => e.Error is SandboxError.SandboxNotRunning or SandboxError.AgentUnavailable,
        _ => exception is DockerException or AgentLostException or ConnectException,
    };

    private static SandboxException NameInUse(SandboxSpecification wanted, Exception? cause = null) =>
        new(SandboxError.NameInUse, $"The name '{wanted.Name}' is taken by another container on this engine.", wanted.Name, "Choose another name, or remove that one.", cause);
}
