using System.Runtime.CompilerServices;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Containers that wait in a pool.</summary>
/// <param name="client">The engine.</param>
/// <param name="creation">Makes them.</param>
/// <param name="sandboxes">Removes them.</param>
/// <param name="claims">Who claimed which.</param>
/// <param name="agents">The ways to their agents.</param>
internal sealed class DockerPool(DockerClient client, DockerCreation creation, DockerSandboxes sandboxes, DockerClaims claims, AgentDirectory agents) : ISandboxPool
{
    // How long one that waits may take to answer: it has nothing else to do.
    private static readonly TimeSpan AnswerLimit = TimeSpan.FromSeconds(5);

    private static readonly string[] s_events = ["start", "die", "destroy", "rename"];

    private readonly DockerClaiming _claiming = new(client, sandboxes, claims, agents);

    private static DockerFilters OurFilters => new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.PoolKind}");

    /// <inheritdoc/>
    public Task<string> GetKeyAsync(SandboxSpecification shape, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            var neutral = PoolKey.Neutral(shape);
            return PoolKey.Of(neutral, await creation.PlanAsync(neutral, cancellationToken).ConfigureAwait(false));
        });

    /// <inheritdoc/>
    public Task<IReadOnlyList<PoolMember>> ListAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync<IReadOnlyList<PoolMember>>(async () =>
        {
            var containers = await client.Containers.ListAsync(all: true, OurFilters, cancellationToken).ConfigureAwait(false);
            var members = new List<PoolMember>();
            if (containers.Count == 0)
                return members;

            var claimed = await claims.ListAsync(cancellationToken).ConfigureAwait(false);
            foreach (var container in containers.Where(one => !claimed.ContainsKey(one.Id) && DockerClaims.BearsPoolName(one.Labels, one.Name)))
            {
                if (await sandboxes.FindMadeAsync(container.Id, cancellationToken).ConfigureAwait(false) is { } sandbox)
                    members.Add(new PoolMember(sandbox, container.Labels.GetValueOrDefault(SandboxLabels.Pool, ""), container.Labels.GetValueOrDefault(SandboxLabels.PoolKey, "")));
            }

            return [.. members.OrderBy(member => member.Sandbox.CreatedAt)];
        });

    /// <inheritdoc/>
    public async Task<bool> TryMakeAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            var made = await creation.CreateAsync(specification, observer, cancellationToken).ConfigureAwait(false);
            agents.Forget(made.Id);
            if (made.AgentVersion is not null)
                return true;

            await sandboxes.RemoveAsync(made.Id, cancellationToken).ConfigureAwait(false);
            throw new SandboxException(SandboxError.AgentUnavailable, $"There is no agent for '{specification.Image}', and without one no sandbox can wait in a pool.", specification.Image, "Use an image for linux/amd64 or linux/arm64, and do without FLOURISHA_AGENT.");
        }
        catch (SandboxException e) when (e.Error == SandboxError.NameInUse)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async Task<Sandbox?> ClaimAsync(SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        // A pool that is not there must cost nearly nothing: most people have none.
        var waiting = await DockerErrors.TranslateAsync(() => client.Containers.ListAsync(all: false, OurFilters.Add("status", "running"), cancellationToken)).ConfigureAwait(false);
        var members = waiting.Where(one => DockerClaims.BearsPoolName(one.Labels, one.Name)).ToList();
        if (members.Count == 0)
        {
            observer.Verbose("No sandbox waits in a pool.");
            return null;
        }

        var key = await GetKeyAsync(shape, cancellationToken).ConfigureAwait(false);
        var fitting = members.Where(one => one.Labels.GetValueOrDefault(SandboxLabels.PoolKey) == key).ToArray();
        if (fitting.Length == 0)
        {
            observer.Verbose($"None of the {members.Count} sandboxes that wait in pools can become '{wanted.Name}': they were made from something else, or in another way.");
            return null;
        }

        // Whoever claims at the same moment shall begin with another one.
        Random.Shared.Shuffle(fitting);
        return await DockerErrors.TranslateAsync(() => _claiming.ClaimAsync(fitting, shape, wanted, observer, cancellationToken), wanted.Name).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<bool> TryRenewAsync(PoolMember member, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(member);
        if (agents.Find(member.Sandbox) is not { } agent)
            return false;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(AnswerLimit);
        try
        {
            // One that is claimed at this very moment has a deadline of its own by now, which is not to be touched.
            if (await agent.GetAsync(EnvdRoutes.Claim, EnvdJson.Default.ClaimState, limit.Token).ConfigureAwait(false) is not { Waiting: true })
                return true;

            var request = new DeadlineRequest((long)lifetime.TotalMilliseconds);
            await agent.PutAsync(EnvdRoutes.Deadline, request, EnvdJson.Default.DeadlineRequest, EnvdJson.Default.Deadline, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception e) when (e is AgentLostException or ConnectException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public Task<bool> TryRemoveAsync(PoolMember member, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            using var patience = new Patience(cancellationToken);
            var isRemoved = await sandboxes.TryRemoveWaitingAsync(member.Sandbox.Id, member.Sandbox.Owner, patience.Token).ConfigureAwait(false);
            agents.Forget(member.Sandbox.Id);
            return isRemoved;
        }, member.Sandbox);

    /// <inheritdoc/>
    public Task<int> ForgetClaimsAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            // In this order: a container is always there before its claim, and no id comes twice.
            var claimed = await claims.ListAsync(cancellationToken).ConfigureAwait(false);
            if (claimed.Count == 0)
                return 0;

            var containers = (await client.Containers.ListAsync(all: true, OurFilters, cancellationToken).ConfigureAwait(false)).Select(one => one.Id).ToHashSet(StringComparer.Ordinal);
            var gone = claimed.Keys.Where(id => !containers.Contains(id)).ToList();
            foreach (var id in gone)
                await claims.RemoveAsync(id, cancellationToken).ConfigureAwait(false);

            return gone.Count;
        });

    /// <inheritdoc/>
    public async IAsyncEnumerable<string> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var filters = OurFilters.Add("type", "container");
        foreach (var one in s_events)
            filters.Add("event", one);

        var events = client.System.EventsAsync(filters, since: null, until: null, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (events.ConfigureAwait(false))
        {
            while (await DockerErrors.TranslateAsync(() => events.MoveNextAsync().AsTask()).ConfigureAwait(false))
                yield return events.Current.Action;
        }
    }
}
