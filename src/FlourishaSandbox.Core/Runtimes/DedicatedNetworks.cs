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
    /// <param name="cancellationToken">Ends the search for a subnet; what the engine was asked for, it is waited for.</param>
    /// <returns>Its id and its subnet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.EngineFailed"/>: the range is used up.</exception>
    public async Task<(string Id, IPNetwork Subnet)> CreateAsync(SandboxSpecification specification, string creation, CancellationToken cancellationToken)
    {
        using var patience = new Patience(cancellationToken);
        var range = specification.SubnetRange ?? SubnetRange.Parse(nameof(SubnetRange), SubnetRange.Default);
        foreach (var subnet in range.FreeSubnets(await TakenAsync(cancellationToken).ConfigureAwait(false)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                var created = await client.Networks.CreateAsync(ToRequest(specification, creation, subnet), patience.Token).ConfigureAwait(false);
                return (created.Id, subnet);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("overlap", StringComparison.OrdinalIgnoreCase))
            {
                continue; // another process was faster
            }
        }

        throw new SandboxException(SandboxError.EngineFailed, $"No subnet of {range} is free for the network of sandbox '{specification.Name}': all {range.Count} are in use.", range.ToString(), "Remove sandboxes with networks of their own, or name a larger range in FLOURISHA_SUBNET_RANGE.");
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

    private async Task RemoveOneAsync(string id, CancellationToken cancellationToken)
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
                await Task.Delay(RemovalPoll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private static NetworkCreateRequest ToRequest(SandboxSpecification specification, string creation, IPNetwork subnet)
    {
        var isProxied = specification.Egress is not null;
        return new NetworkCreateRequest
        {
            Name = $"flourisha-{creation[..12]}",
            Driver = "bridge",
            Internal = isProxied,
            Labels = SandboxLabels.WriteCompanion(specification, creation, SandboxLabels.NetworkKind),
            Options = BridgeOptions(isOpen: isProxied),
            IPAM = new Ipam { Config = [new IpamConfig { Subnet = subnet.ToString(), Gateway = SubnetRange.AddressIn(subnet, 1).ToString() }] },
        };
    }

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
