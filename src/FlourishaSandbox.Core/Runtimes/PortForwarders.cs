using System.Globalization;
using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Publishes ports that were not named when their sandbox was made, which an engine cannot do: a container for each, of which the engine
/// publishes one port, and which hands every connection on to the sandbox. It shares a network with the sandbox alone, that leads nowhere
/// and on which even the engine's machine has no address: so it lets in, and not out.
/// </summary>
/// <param name="client">The engine.</param>
/// <param name="facts">What the engine says of itself.</param>
/// <param name="agentFolder">Where agents are found on this machine: their program forwards too.</param>
internal sealed class PortForwarders(DockerClient client, DockerFacts facts, string agentFolder)
{
    // The places on the network that both share. The engine's own would be 1, and stays free.
    private const int SandboxPlace = 2;
    private const int ForwarderPlace = 3;

    // The program itself takes 1 MiB, and 512 connections at most another 16.
    private const long Memory = 32L << 20;
    private const int Pids = 4;

    // A number that owns nothing.
    private const string User = "65534:65534";

    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // How long another process may take to make one; whoever finds it half made later makes it anew.
    private static readonly TimeSpan MakingLimit = TimeSpan.FromSeconds(30);

    private readonly DedicatedNetworks _networks = new(client);
    private readonly DockerAgentVolume _program = new(client);

    /// <summary>See <see cref="ISandboxPorts.PublishAsync"/>.</summary>
    public async Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, string outside, OperationObserver observer, CancellationToken cancellationToken)
    {
        var name = NameOf(sandbox, publication.Port);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var found = await FindAsync(name, cancellationToken).ConfigureAwait(false);
            if (found is null)
            {
                if (await TryMakeAsync(sandbox, publication, name, outside, observer, cancellationToken).ConfigureAwait(false) is { } made)
                    return made;
            }
            else if (!IsFor(found, sandbox, publication))
            {
                observer.Verbose($"The forwarder '{name}' is another one's, or published elsewhere: making it anew.");
                await RemoveAsync(found, cancellationToken).ConfigureAwait(false);
            }
            else if (ToPort(found, publication.Port) is { } port)
            {
                return port;
            }
            else if (found.State.Status is "exited" or "dead" || IsAbandoned(found))
            {
                // The engine was restarted, and starts nothing of ours by itself; or whoever made it was killed meanwhile.
                await RemoveAsync(found, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                await Task.Delay(Poll, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>The forwarders of one creation.</summary>
    public Task<IReadOnlyList<ContainerSummary>> ListAsync(string creation, CancellationToken cancellationToken) =>
        client.Containers.ListAsync(all: true, new DockerFilters().Add("label", $"{SandboxLabels.Kind}={SandboxLabels.ForwarderKind}").Add("label", $"{SandboxLabels.Creation}={creation}"), cancellationToken);

    private static string NameOf(Sandbox sandbox, int port) => string.Create(CultureInfo.InvariantCulture, $"flourisha-forward-{sandbox.Creation![..12]}-{port}");

    private static bool IsFor(ContainerInspection container, Sandbox sandbox, PortPublication publication) =>
        container.Config.Labels.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.ForwarderKind
        && container.Config.Labels.GetValueOrDefault(SandboxLabels.Creation) == sandbox.Creation
        && Bindings(container.HostConfig, publication.Port)?.HostIp == publication.Address;

    private static PortBinding? Bindings(HostConfig host, int port) => host.PortBindings?.GetValueOrDefault(KeyOf(port))?.FirstOrDefault();

    // As long as it does not run, nothing is published.
    private static SandboxPort? ToPort(ContainerInspection container, int port) =>
        container.State.Running && container.NetworkSettings.Ports.GetValueOrDefault(KeyOf(port))?.FirstOrDefault() is { HostIp: { } address } binding
            && int.TryParse(binding.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var hostPort)
            ? new SandboxPort(port, address, hostPort)
            : null;

    private static bool IsAbandoned(ContainerInspection container) =>
        SandboxLabels.ReadMaker(container.Config.Labels) is { } maker && ProcessIdentity.Parse(maker.Process)?.HasEnded() == true
        || DateTimeOffset.UtcNow - container.Created > MakingLimit;

    private static string KeyOf(int port) => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");

    private async Task<ContainerInspection?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Containers.InspectAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound)
        {
            return null;
        }
    }

    // Null where another process was faster. The container's name is what only one of them gets.
    private async Task<SandboxPort?> TryMakeAsync(Sandbox sandbox, PortPublication publication, string name, string outside, OperationObserver observer, CancellationToken cancellationToken)
    {
        var volume = await EnsureProgramAsync(observer, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Port {publication.Port} was not named when sandbox '{sandbox}' was made: publishing it by the forwarder '{name}'.");
        string? network = null, container = null;
        try
        {
            (network, var subnet) = await _networks.CreateAsync(sandbox.Name, publication.SubnetRange, subnet => ToNetwork(sandbox, publication, subnet), cancellationToken).ConfigureAwait(false);
            using var patience = new Patience(cancellationToken);
            container = await CreateAsync(sandbox, publication, name, outside, volume, SubnetRange.AddressIn(subnet, SandboxPlace), patience.Token).ConfigureAwait(false);
            await client.Networks.ConnectAsync(network, container, At(SubnetRange.AddressIn(subnet, ForwarderPlace)), patience.Token).ConfigureAwait(false);
            await client.Networks.ConnectAsync(network, sandbox.Id, At(SubnetRange.AddressIn(subnet, SandboxPlace)), patience.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            await client.Containers.StartAsync(container, patience.Token).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            var made = await client.Containers.InspectAsync(container, patience.Token).ConfigureAwait(false);
            return ToPort(made, publication.Port)
                ?? throw new SandboxException(SandboxError.EngineFailed, $"The forwarder '{name}' ended as soon as it had started.", sandbox, "Try again; look at 'docker logs' of a sandbox's own, whose program it is too.");
        }
        catch (DockerException e) when (container is null && e.IsConflict && e.EngineMessage.Contains("is already in use", StringComparison.Ordinal))
        {
            await UndoAsync(container, network, observer).ConfigureAwait(false);
            return null;
        }
        catch
        {
            await UndoAsync(container, network, observer).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<string> EnsureProgramAsync(OperationObserver observer, CancellationToken cancellationToken)
    {
        var engine = await facts.GetAsync(cancellationToken).ConfigureAwait(false);
        return AgentBinary.Find(agentFolder, engine.OSType, engine.Architecture) is { } binary
            ? await _program.EnsureAsync(binary, observer, cancellationToken).ConfigureAwait(false)
            : throw new SandboxException(SandboxError.AgentUnavailable, $"There is no agent for {engine.OSType}/{engine.Architecture} in '{agentFolder}', whose program forwards ports that were not named when a sandbox was made.", agentFolder, "Name the port when a sandbox is made: New-Sandbox -Port 8000, or docker-sandbox init --port 8000.");
    }

    private static NetworkCreateRequest ToNetwork(Sandbox sandbox, PortPublication publication, IPNetwork subnet)
    {
        var options = DedicatedNetworks.BridgeOptions(isOpen: true);
        options["com.docker.network.bridge.inhibit_ipv4"] = "true";
        return new NetworkCreateRequest
        {
            Name = $"flourisha-in-{Guid.NewGuid():N}"[..24],
            Driver = "bridge",
            Internal = true,
            Labels = SandboxLabels.WriteForwarder(sandbox, publication, SandboxLabels.NetworkKind),
            Options = options,
            IPAM = new Ipam { Config = [new IpamConfig { Subnet = subnet.ToString(), Gateway = SubnetRange.AddressIn(subnet, 1).ToString() }] },
        };
    }

    private async Task<string> CreateAsync(Sandbox sandbox, PortPublication publication, string name, string outside, string volume, IPAddress target, CancellationToken cancellationToken)
    {
        var key = KeyOf(publication.Port);
        var port = publication.Port.ToString(CultureInfo.InvariantCulture);
        var created = await client.Containers.CreateAsync(new ContainerCreateRequest
        {
            // The image that the volume was filled from, with nothing but the program in it.
            Image = DockerAgentVolume.ImageOf(volume),
            Hostname = "forward",
            User = User,
            WorkingDir = "/",
            Entrypoint = [AgentConnection.Program],
            Cmd = ["forward", port, $"{target}:{port}"],
            Labels = SandboxLabels.WriteForwarder(sandbox, publication, SandboxLabels.ForwarderKind),
            ExposedPorts = new() { [key] = new EmptyObject() },
            HostConfig = new HostConfig
            {
                NetworkMode = outside,
                PortBindings = new() { [key] = [new PortBinding { HostIp = publication.Address, HostPort = "" }] },
                Memory = Memory,
                MemorySwap = Memory,
                PidsLimit = Pids,
                CapDrop = ["ALL"],
                SecurityOpt = ["no-new-privileges"],
                ReadonlyRootfs = true,
                // It may listen at any port, though it is nobody; and it hands on bytes, never packets.
                Sysctls = new() { ["net.ipv4.ip_unprivileged_port_start"] = "0", ["net.ipv4.ip_forward"] = "0" },
                Mounts = [SandboxMapping.AgentMount(volume)],
                LogConfig = new LogConfig { Type = "json-file", Config = new() { ["max-size"] = "1m", ["max-file"] = "1" } },
            },
        }, name, cancellationToken).ConfigureAwait(false);
        return created.Id;
    }

    private static EndpointSettings At(IPAddress address) => new() { IPAMConfig = new EndpointIpam { IPv4Address = address.ToString() } };

    // With time of its own, and without hiding why.
    private async Task UndoAsync(string? container, string? network, OperationObserver observer)
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        try
        {
            if (container is not null)
                await client.Containers.RemoveAsync(container, force: true, removeVolumes: true, limit.Token).ConfigureAwait(false);

            if (network is not null)
                await _networks.RemoveOneAsync(network, limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or OperationCanceledException)
        {
            observer.Warning($"What was made of a forwarder that failed could not be removed: {e.Message} It goes with its sandbox.");
        }
    }

    // One that another process left half made, or that is not what is wanted now.
    private async Task RemoveAsync(ContainerInspection container, CancellationToken cancellationToken)
    {
        try
        {
            await client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.IsNotFound || e.IsConflict)
        {
            await Task.Delay(Poll, cancellationToken).ConfigureAwait(false); // somebody else does it
            return;
        }

        // Its own network, and not the shared one.
        var shared = container.HostConfig.NetworkMode;
        foreach (var network in container.NetworkSettings.Networks.Values.Where(one => one.NetworkID is { Length: > 0 } id && id != shared))
            await _networks.RemoveOneAsync(network.NetworkID!, cancellationToken).ConfigureAwait(false);
    }
}
