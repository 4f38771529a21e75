using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Networks of which each belongs to one sandbox, and goes with it.</summary>
/// <param name="client">The engine.</param>
internal sealed class DedicatedNetworks(DockerClient client)
{
    private const string BridgeName = "com.docker.network.bridge.name";

    // A kernel's name of an interface has 15 characters at most, and engines that share a machine's network must not meet.
    private const int BridgeDigits = 8;

    // A network may still be in use for a moment when its last container is gone.
    private const int RemovalAttempts = 20;
    private static readonly TimeSpan RemovalPoll = TimeSpan.FromMilliseconds(50);

    /// <summary>What the names of all our bridges begin with, so that rules of a firewall can mean all of them.</summary>
    public const string BridgePrefix = "flsb-";

    /// <summary>The options of a bridge of ours.</summary>
    /// <param name="isOpen">Whether its containers reach each other.</param>
    public static Dictionary<string, string> BridgeOptions(bool isOpen) => new()
    {
        ["com.docker.network.bridge.enable_icc"] = isOpen ? "true" : "false",
        [BridgeName] = BridgePrefix + RandomNumberGenerator.GetHexString(BridgeDigits, lowercase: true),
    };

    /// <summary>The bridge of a network, whether we named it or the engine did.</summary>
    public static string BridgeOf(NetworkInspection network) => network.Options.GetValueOrDefault(BridgeName) ?? "br-" + network.Id[..12];

    /// <summary>Makes a network. Several processes may do so at once: the engine refuses what overlaps, and another subnet is tried.</summary>
    /// <param name="specification">The sandbox that it is for.</param>
    /// <param name="creation">Its creation's mark.</param>
    /// <param name="isOpen">Whether a container beside the sandbox, a proxy, reaches it and is reached.</param>
    /// <param name="cancellationToken">Ends the search for a subnet; what the engine was asked for, it is waited for.</param>
    /// <returns>Its id and its subnet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.EngineFailed"/>: the range is used up.</exception>
    public Task<(string Id, IPNetwork Subnet)> CreateAsync(SandboxSpecification specification, string creation, bool isOpen, CancellationToken cancellationToken) =>
        CreateAsync(specification.Name, specification.SubnetRange, subnet => ToRequest(specification, creation, subnet, isOpen), cancellationToken);

    /// <summary>Makes a network of one's own choice. Several processes may do so at once: the engine refuses what overlaps, and another subnet is tried.</summary>
    /// <param name="sandbox">The name of the sandbox that it is for.</param>
    /// <param name="within">Where its subnet is to be; null for the product's own range.</param>
    /// <param name="request">The network on a subnet.</param>
    /// <param name="cancellationToken">Ends the search for a subnet; what the engine was asked for, it is waited for.</param>
    /// <returns>Its id and its subnet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.EngineFailed"/>: the range is used up.</exception>
    public async Task<(string Id, IPNetwork Subnet)> CreateAsync(string sandbox, SubnetRange? within, Func<IPNetwork, NetworkCreateRequest> request, CancellationToken cancellationToken)
    {
        using var patience = new Patience(cancellationToken);
        var range = within ?? SubnetRange.Parse(nameof(SubnetRange), SubnetRange.Default);
        foreach (var subnet in range.FreeSubnets(await TakenAsync(cancellationToken).ConfigureAwait(false)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var created = await client.Networks.CreateAsync(request(subnet), patience.Token).ConfigureAwait(false);
                return (created.Id, subnet);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("overlap", StringComparison.OrdinalIgnoreCase))
            {
                continue; // another process was faster
            }
        }

        throw new SandboxException(SandboxError.EngineFailed, $"No subnet of {range} is free for the network of sandbox '{sandbox}': all {range.Count} are in use.", range.ToString(), "Remove sandboxes with networks of their own, or name a larger range in FLOURISHA_SUBNET_RANGE.");
    }

    /// <summary>The networks of one creation.</summary>
    public Task<IReadOnlyList<NetworkInspection>> ListAsync(string creation, CancellationToken cancellationToken) =>
        client.Networks.ListAsync(new DockerFilters().Add("label", $"{SandboxLabels.Creation}={creation}"), cancellationToken);

    /// <summary>All networks of creations.</summary>
    public Task<IReadOnlyList<NetworkInspection>> ListAsync(CancellationToken cancellationToken) =>
        client.Networks.ListAsync(new DockerFilters().Add("label", SandboxLabels.Creation), cancellationToken);

    /// <summary>Removes the networks of one creation; none is no error.</summary>
    public async Task RemoveAsync(string creation, CancellationToken cancellationToken)
    {
        foreach (var network in await ListAsync(creation, cancellationToken).ConfigureAwait(false))
            await RemoveOneAsync(network.Id, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes a network; one that is gone already is no error. What is on it is taken off first: a proxy of the user's, such as Traefik, would hold it for ever.</summary>
    public async Task RemoveOneAsync(string id, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await client.Networks.RemoveAsync(id, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (DockerException e) when (e.IsNotFound)
            {
                return; // gone, as wanted
            }
            catch (DockerException e) when (attempt < RemovalAttempts && e.EngineMessage.Contains("active endpoints", StringComparison.Ordinal))
            {
                await DisconnectAllAsync(id, cancellationToken).ConfigureAwait(false);
                await Task.Delay(RemovalPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task DisconnectAllAsync(string id, CancellationToken cancellationToken)
    {
        var network = await client.Networks.InspectAsync(id, cancellationToken).ConfigureAwait(false);
        foreach (var container in network?.Containers.Keys ?? [])
        {
            try
            {
                await client.Networks.DisconnectAsync(id, container, force: true, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException)
            {
                // Just going by itself; whether the network is free then is seen when it is removed.
            }
        }
    }

    /// <summary>The name of the network of one creation.</summary>
    public static string NameOf(string creation) => $"flourisha-{creation[..12]}";

    private static NetworkCreateRequest ToRequest(SandboxSpecification specification, string creation, IPNetwork subnet, bool isOpen) => new()
    {
        Name = NameOf(creation),
        Driver = "bridge",
        Internal = specification.Egress is not null,
        Labels = SandboxLabels.WriteCompanion(specification, creation, SandboxLabels.NetworkKind),
        Options = BridgeOptions(isOpen),
        IPAM = new Ipam { Config = [new IpamConfig { Subnet = subnet.ToString(), Gateway = SubnetRange.AddressIn(subnet, 1).ToString() }] },
    };

    private async Task<List<IPNetwork>> TakenAsync(CancellationToken cancellationToken)
    {
        var networks = await client.Networks.ListAsync(filters: null, cancellationToken).ConfigureAwait(false);
        var taken = client.Endpoint.IsLocal ? HostRoutes.Read().ToList() : [];
        foreach (var config in networks.SelectMany(network => network.IPAM?.Config ?? []))
        {
            if (IPNetwork.TryParse(config.Subnet, out var subnet) && subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork)
                taken.Add(subnet);
        }

        return taken;
    }
}
