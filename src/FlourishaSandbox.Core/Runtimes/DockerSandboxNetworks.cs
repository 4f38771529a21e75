using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Which network a sandbox is put on, and what goes with it when it goes.</summary>
/// <param name="client">The engine.</param>
/// <param name="containers">The engine's sandboxes.</param>
/// <param name="forwarders">What publishes ports later.</param>
internal sealed class DockerSandboxNetworks(DockerClient client, DockerSandboxes containers, PortForwarders forwarders) : ISandboxNetworks
{
    // The places on a network of its own; the engine's is 1.
    private const int ProxyPlace = 2;
    private const int SandboxPlace = 3;

    // Nobody answers there, in the sandbox's own network, so that no question leaves it.
    private static readonly string[] s_noResolvers = ["127.0.0.1"];

    private readonly DockerNetwork _shared = new(client, SandboxMapping.SharedNetwork, isInternal: false);
    private readonly DockerNetwork _internal = new(client, SandboxMapping.InternalNetwork, isInternal: true);
    private readonly DedicatedNetworks _dedicated = new(client);
    private readonly EgressProxies _proxies = new(client);
    private readonly TraefikContainer _traefik = new(client);

    /// <summary>Makes the networks that outlive a sandbox, where they are missing.</summary>
    /// <returns>The sandbox's place; for one that is to have a network of its own, its way out.</returns>
    public async Task<NetworkFacts> EnsureAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        var traefik = await _traefik.FindForAsync(specification, observer, cancellationToken).ConfigureAwait(false);

        // The shared one is also where it is written down what the engine cannot do.
        var shared = await _shared.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return specification.Network switch
        {
            NetworkPolicy.None => new NetworkFacts("none", shared.GrantsOpenFiles, Gateway: null) { Publishes = false },
            NetworkPolicy.Internal => (await _internal.EnsureAsync(cancellationToken).ConfigureAwait(false)) with { GrantsOpenFiles = shared.GrantsOpenFiles, Publishes = false, Resolvers = s_noResolvers },
            _ => shared with { Traefik = traefik },
        };
    }

    /// <summary>Remembers that the engine grants sandboxes no open files; see <see cref="DockerNetwork.RememberFewOpenFilesAsync"/>.</summary>
    public Task RememberFewOpenFilesAsync(CancellationToken cancellationToken) => _shared.RememberFewOpenFilesAsync(cancellationToken);

    /// <summary>Makes what belongs to one sandbox alone: its network, and the proxy on it. All bears the creation's mark.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">Its creation's mark.</param>
    /// <param name="outside">What <see cref="EnsureAsync"/> gave.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>The sandbox's place.</returns>
    public async Task<NetworkFacts> PlaceAsync(SandboxSpecification specification, string creation, NetworkFacts outside, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (specification.Network != NetworkPolicy.Dedicated)
            return outside;

        var (id, subnet) = await _dedicated.CreateAsync(specification, creation, isOpen: specification.Egress is not null || outside.Traefik is not null, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Sandbox '{specification.Name}' has the network {subnet} of its own.");
        cancellationToken.ThrowIfCancellationRequested();
        var place = outside with { Id = id, Name = DedicatedNetworks.NameOf(creation), Gateway = SubnetRange.AddressIn(subnet, 1) };
        if (outside.Traefik is { } traefik)
            await client.Networks.ConnectAsync(id, traefik, settings: null, cancellationToken).ConfigureAwait(false);

        if (specification.Egress is null)
            return place;

        var (proxy, sandbox) = (SubnetRange.AddressIn(subnet, ProxyPlace), SubnetRange.AddressIn(subnet, SandboxPlace));
        using var patience = new Patience(cancellationToken);
        var container = await _proxies.CreateAsync(specification, creation, id, proxy, sandbox, outside.Id, patience.Token).ConfigureAwait(false);
        await _proxies.StartAsync(container, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Its proxy serves at {proxy}.");
        return place with { Publishes = false, Address = sandbox, Resolvers = s_noResolvers, Environment = EgressProxies.Variables(proxy) };
    }

    /// <summary>Publishes a port that was not named when its sandbox was made.</summary>
    public async Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, OperationObserver observer, CancellationToken cancellationToken)
    {
        var outside = await _shared.EnsureAsync(cancellationToken).ConfigureAwait(false);
        return await forwarders.PublishAsync(sandbox, publication, outside.Id, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes what was made for one sandbox alone. Nothing is no error.</summary>
    public async Task RemoveAsync(string creation, CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}");
        foreach (var helper in await client.Containers.ListAsync(all: true, filters, cancellationToken).ConfigureAwait(false))
        {
            if (helper.Labels.GetValueOrDefault(SandboxLabels.Kind) is SandboxLabels.ProxyKind or SandboxLabels.ForwarderKind)
                await containers.RemoveAsync(helper.Id, cancellationToken).ConfigureAwait(false);
        }

        await _dedicated.RemoveAsync(creation, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Whether the engine has a network of this creation.</summary>
    public async Task<bool> ExistsAsync(string creation, CancellationToken cancellationToken) =>
        (await _dedicated.ListAsync(creation, cancellationToken).ConfigureAwait(false)).Count > 0;

    /// <inheritdoc/>
    public IPAddress? FindAddress(Sandbox sandbox)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return AgentRoutes.IsDirect(client.Endpoint, sandbox.Gateway) ? sandbox.Address : null;
    }

    /// <inheritdoc/>
    public Task EnsureStartedAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return sandbox is not { HasOwnNetwork: true, Creation: { } creation } ? Task.CompletedTask : DockerErrors.TranslateAsync(async () =>
        {
            foreach (var proxy in await _proxies.ListAsync(creation, cancellationToken).ConfigureAwait(false))
            {
                if (proxy.State != "running")
                    await _proxies.StartAsync(proxy.Id, cancellationToken).ConfigureAwait(false);
            }

            foreach (var network in sandbox.Traefik is null || sandbox.AllowHosts.Count + sandbox.DenyHosts.Count > 0 ? [] : await _dedicated.ListAsync(creation, cancellationToken).ConfigureAwait(false))
            {
                if (network.Name == DedicatedNetworks.NameOf(creation))
                    await _traefik.AttachAgainAsync(network, sandbox.TraefikContainer, cancellationToken).ConfigureAwait(false);
            }
        }, sandbox);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<StaleNetwork>> ListStaleAsync(CancellationToken cancellationToken) => DockerErrors.TranslateAsync<IReadOnlyList<StaleNetwork>>(async () =>
    {
        // In this order: a sandbox that comes meanwhile has its network already.
        var networks = await _dedicated.ListAsync(cancellationToken).ConfigureAwait(false);
        var proxies = await _proxies.ListAsync(creation: null, cancellationToken).ConfigureAwait(false);
        var creations = await CreationsAsync(cancellationToken).ConfigureAwait(false);

        var stale = networks.Select(network => ToStale(network.Id, network.Name, network.Labels, network.Created))
            .Concat(proxies.Select(proxy => ToStale(id: null, proxy.Names.FirstOrDefault("").TrimStart('/'), proxy.Labels, DateTimeOffset.FromUnixTimeSeconds(proxy.Created))));
        return [.. stale.Where(one => !creations.Contains(one.Creation)).DistinctBy(one => one.Creation).OrderBy(one => one.CreatedAt)];
    });

    /// <inheritdoc/>
    public Task RemoveAsync(StaleNetwork network, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(network);
        return DockerErrors.TranslateAsync(async () =>
        {
            if (!(await CreationsAsync(cancellationToken).ConfigureAwait(false)).Contains(network.Creation))
                await RemoveAsync(network.Creation, cancellationToken).ConfigureAwait(false);
        }, network.Name);
    }

    private static StaleNetwork ToStale(string? id, string name, IReadOnlyDictionary<string, string> labels, DateTimeOffset created) => new()
    {
        Id = id,
        Name = name,
        SandboxName = SandboxLabels.ReadName(labels),
        Owner = SandboxLabels.ReadOwner(labels),
        CreatedAt = SandboxLabels.ReadCreated(labels) ?? created,
        Creation = labels.GetValueOrDefault(SandboxLabels.Creation, ""),
        Labels = labels,
    };

    private async Task<HashSet<string>> CreationsAsync(CancellationToken cancellationToken)
    {
        var filters = new DockerFilters().Add("label", SandboxLabels.Creation);
        var sandboxes = (await client.Containers.ListAsync(all: true, filters, cancellationToken).ConfigureAwait(false)).Where(one => SandboxMapping.IsSandbox(one.Labels) || SandboxMapping.IsFromPool(one.Labels));
        return [.. sandboxes.Select(sandbox => sandbox.Labels.GetValueOrDefault(SandboxLabels.Creation, ""))];
    }
}
