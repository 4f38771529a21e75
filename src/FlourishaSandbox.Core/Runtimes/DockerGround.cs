using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Tells where a sandbox stands on a Docker Engine, and puts another one beside it.</summary>
/// <param name="client">The engine.</param>
/// <param name="creation">Makes sandboxes.</param>
/// <param name="containers">The engine's sandboxes.</param>
/// <param name="firewall">The host's firewall.</param>
internal sealed class DockerGround(DockerClient client, DockerCreation creation, DockerSandboxes containers, ISandboxFirewall firewall) : ISandboxIsolation
{
    private const string HostNetwork = "host";
    private const string NoNetwork = "none";

    private static readonly TimeSpan PeerLifetime = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public Task<IsolationGround> SurveyAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            var container = await client.Containers.InspectAsync(sandbox.Id, cancellationToken).ConfigureAwait(false);
            var networks = container.NetworkSettings.Networks.Where(network => network.Key != NoNetwork).ToList();
            var isOurs = networks.Count > 0;
            List<IPAddress> hosts = [];
            foreach (var (name, endpoint) in networks)
            {
                var network = name != HostNetwork && endpoint.NetworkID is { Length: > 0 } id ? await client.Networks.InspectAsync(id, cancellationToken).ConfigureAwait(false) : null;

                // On the host's own network its loopback is the sandbox's.
                hosts.AddRange(name == HostNetwork ? [IPAddress.Loopback] : GatewaysOf(endpoint, network));

                // The firewall's rules are for the bridges of our own networks.
                isOurs &= network?.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.NetworkKind;
            }

            return new IsolationGround
            {
                HasNetwork = networks.Count > 0,
                HostAddresses = hosts,
                IsHere = hosts.Count > 0 && hosts.All(host => IPAddress.IsLoopback(host) ? client.Endpoint.IsLocal : AgentRoutes.IsDirect(client.Endpoint, host)),
                HasFirewall = isOurs ? await firewall.IsInstalledAsync(cancellationToken).ConfigureAwait(false) : false,
                Mounts = [.. sandbox.MemoryFolders.Select(folder => folder.Path), .. container.Mounts.Where(mount => mount.Type == "volume").Select(mount => mount.Destination)],
            };
        }, sandbox);

    /// <inheritdoc/>
    public async Task<(Sandbox Peer, IReadOnlyList<IPAddress> Addresses)> CreatePeerAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken)
    {
        var container = await DockerErrors.TranslateAsync(() => client.Containers.InspectAsync(sandbox.Id, cancellationToken), sandbox).ConfigureAwait(false);
        var image = await DockerErrors.TranslateAsync(() => client.Images.InspectAsync(container.Image, cancellationToken), sandbox).ConfigureAwait(false);
        var peer = await creation.CreateAsync(new SandboxSpecification
        {
            Name = $"isolation-peer-{Guid.NewGuid():N}"[..27],
            Image = container.Image,
            Platform = (image?.Os ?? "linux", image?.Architecture ?? "amd64"),
            Owner = sandbox.Owner,
            CreatedAt = DateTimeOffset.UtcNow,
            Timeout = PeerLifetime,
            OnTimeout = TimeoutAction.Remove,
            Limits = new ResourceLimits { Memory = 64L << 20, Cpus = 1, PidLimit = 32 },
            User = "10000:10000",
            WorkingDirectory = "/",
            // A network of one's own has nobody else in it: those who are to be reached are on the shared one.
            Network = sandbox.Network == NetworkPolicy.Internal ? NetworkPolicy.Internal : NetworkPolicy.Isolated,
            PublishAddress = IPAddress.Loopback.ToString(),
        }, observer, cancellationToken).ConfigureAwait(false);
        try
        {
            return (peer, await DockerErrors.TranslateAsync(() => JoinAsync(peer, sandbox, container, cancellationToken), sandbox).ConfigureAwait(false));
        }
        catch
        {
            using var limit = new CancellationTokenSource(Patience.Limit);
            await containers.RemoveAsync(peer.Id, limit.Token).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has the peer join those networks of the sandbox that it is not on.</summary>
    private async Task<IReadOnlyList<IPAddress>> JoinAsync(Sandbox peer, Sandbox sandbox, ContainerInspection container, CancellationToken cancellationToken)
    {
        var own = (await client.Containers.InspectAsync(peer.Id, cancellationToken).ConfigureAwait(false)).NetworkSettings.Networks;
        foreach (var (name, endpoint) in container.NetworkSettings.Networks)
        {
            if (sandbox.Network == NetworkPolicy.Dedicated || name is HostNetwork or NoNetwork || own.ContainsKey(name))
                continue;

            using var patience = new Patience(cancellationToken);
            await client.Networks.ConnectAsync(endpoint.NetworkID ?? name, peer.Id, settings: null, patience.Token).ConfigureAwait(false);
        }

        var joined = await client.Containers.InspectAsync(peer.Id, cancellationToken).ConfigureAwait(false);
        return [.. joined.NetworkSettings.Networks.Values.Select(endpoint => IPAddress.TryParse(endpoint.IPAddress, out var address) ? address : null).OfType<IPAddress>()];
    }

    // An endpoint on an internal network has no gateway, and yet the host has an address there.
    private static IEnumerable<IPAddress> GatewaysOf(EndpointSettings endpoint, NetworkInspection? network) =>
        IPAddress.TryParse(endpoint.Gateway, out var gateway)
            ? [gateway]
            : (network?.IPAM?.Config ?? []).Select(config => IPAddress.TryParse(config.Gateway, out var address) ? address : null).OfType<IPAddress>();
}
