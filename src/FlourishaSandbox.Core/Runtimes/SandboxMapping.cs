using System.Globalization;
using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What a container is as a sandbox, and what a sandbox is as a container.</summary>
internal static class SandboxMapping
{
    /// <summary>The network that all sandboxes share. Inter-container communication is off in it, so they share nothing but the way out.</summary>
    public const string SharedNetwork = "flourisha-shared";

    /// <summary>The network of those that have no way out. Inter-container communication is off in it too.</summary>
    public const string InternalNetwork = "flourisha-internal";

    // CPU time is granted per 100 ms: the kernel's own default period.
    private const long CpuPeriod = 100_000;

    // The agent's own threads, and a supervisor for each command: they come on top of what a sandbox was promised.
    internal const int AgentPids = 64;

    private const string WaitingHostname = "sandbox";

    // Some 68 years: what both GNU's and BusyBox's sleep take for a sandbox without a deadline.
    private const int ForeverSeconds = int.MaxValue;

    /// <summary>The container for a specification.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">This creation's own mark.</param>
    /// <param name="network">Its place on a network, and whether the engine grants open files; where it does not, its own limit holds.</param>
    /// <param name="agent">The agent that it gets; null for none.</param>
    /// <param name="user">Its user as the image knows it; null where its isolation needs none.</param>
    public static ContainerCreateRequest ToContainer(SandboxSpecification specification, string creation, NetworkFacts network, AgentPlacement? agent, ImageUser? user = null) => new()
    {
        Image = specification.Image,
        // One that waits does not know its name yet.
        Hostname = specification.Pool is null ? specification.Name.Replace('_', '-') : WaitingHostname,
        User = specification.User,
        WorkingDir = specification.WorkingDirectory,
        Env = [.. EnvironmentOf(specification, network, user).Select(variable => $"{variable.Key}={variable.Value}")],
        Labels = SandboxLabels.Write(specification, creation, agent?.Version).Concat(TraefikLabels.Write(specification, creation, network.Name)).ToDictionary(),
        // The first process ends at the deadline, and the sandbox with it, whatever happens to its maker.
        Entrypoint = agent is null ? ["sleep"] : [AgentConnection.Program],
        Cmd = agent is null ? [Seconds(specification.Timeout)] : AgentArguments(specification, agent),
        ExposedPorts = Published(specification, agent).ToDictionary(port => PortKey(port.Port), _ => new EmptyObject()),
        HostConfig = IsolationMapping.Apply(specification, hasAgent: agent is not null, user, new HostConfig
        {
            Memory = specification.Limits.Memory,
            MemorySwap = specification.Limits.Memory,
            CpuPeriod = CpuPeriod,
            CpuQuota = ToQuota(specification.Limits.Cpus),
            PidsLimit = specification.Limits.PidLimit + (agent is null ? 0 : AgentPids),
            Ulimits = !network.GrantsOpenFiles ? null : [new Ulimit { Name = "nofile", Soft = specification.Limits.OpenFileLimit, Hard = specification.Limits.OpenFileLimit }],
            // Gone at its deadline, by the engine's own hand: nobody of ours need be there.
            AutoRemove = specification.OnTimeout == TimeoutAction.Remove ? true : null,
            // Reaps what commands leave behind; the agent does that itself, sleep would not.
            Init = agent is null,
            NetworkMode = network.Id,
            Dns = network.Resolvers is { } resolvers ? [.. resolvers] : null,
            PortBindings = Published(specification, agent).ToDictionary(port => PortKey(port.Port), port => (List<PortBinding>?)[new PortBinding { HostIp = port.Address, HostPort = "" }]),
            Mounts = [.. specification.Volumes.Select(volume => ToMount(volume, creation)), .. agent is null ? [] : (Mount[])[AgentMount(agent.Volume)]],
        }),
        NetworkingConfig = network.Address is not { } address ? null : new NetworkingConfig
        {
            EndpointsConfig = new() { [network.Id] = new EndpointSettings { IPAMConfig = new EndpointIpam { IPv4Address = address.ToString() } } },
        },
    };

    /// <summary>What the engine is to change for a sandbox's new limits. Memory and swap go together: the kernel wants them in one order to raise, in the other to lower, and the engine knows.</summary>
    public static ContainerUpdateRequest ToUpdate(Sandbox sandbox, LimitChange change) => new()
    {
        Memory = change.Memory,
        MemorySwap = change.Memory,
        CpuPeriod = change.Cpus is null ? null : CpuPeriod,
        CpuQuota = change.Cpus is { } cpus ? ToQuota(cpus) : null,
        PidsLimit = change.PidLimit + (sandbox.AgentVersion is null ? 0 : AgentPids),
    };

    /// <summary>Whether a container is one of our sandboxes.</summary>
    public static bool IsSandbox(IReadOnlyDictionary<string, string>? labels) => labels?.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.SandboxKind;

    /// <summary>Whether a container was made to wait in a pool. It may have been claimed since.</summary>
    public static bool IsFromPool(IReadOnlyDictionary<string, string>? labels) => labels?.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.PoolKind;

    /// <summary>The sandbox that a container is.</summary>
    public static Sandbox ToSandbox(ContainerInspection container, string engine)
    {
        var (labels, host) = (SandboxLabels.Read(container.Config.Labels), container.HostConfig);
        var (address, gateway) = ToAddresses(container);
        return new Sandbox
        {
            Id = container.Id,
            Name = container.Name.TrimStart('/'),
            State = ToState(container.State),
            Template = labels.GetValueOrDefault(SandboxLabels.Template),
            Image = container.Config.Image ?? container.Image,
            Owner = SandboxLabels.ReadOwner(labels),
            CreatedAt = SandboxLabels.ReadCreated(labels) ?? container.Created,
            Deadline = ToDeadline(labels, container.State),
            ExitCode = container.State.Status is "exited" or "dead" ? container.State.ExitCode : null,
            Maker = SandboxLabels.ReadMaker(labels),
            Lifetime = SandboxLabels.ReadDeadline(labels) - SandboxLabels.ReadCreated(labels),
            User = string.IsNullOrEmpty(container.Config.User) ? null : container.Config.User,
            WorkingDirectory = string.IsNullOrEmpty(container.Config.WorkingDir) ? "/" : container.Config.WorkingDir,
            Limits = new ResourceLimits
            {
                Memory = host.Memory ?? 0,
                Cpus = (double)(host.CpuQuota ?? 0) / CpuPeriod,
                PidLimit = (int)(host.PidsLimit ?? 0) - (labels.ContainsKey(SandboxLabels.Agent) ? AgentPids : 0),
                Disk = SandboxLabels.ReadDiskLimit(labels),
                Output = SandboxLabels.ReadOutputLimit(labels),
            },
            OutOfMemory = container.State.OOMKilled,
            OnTimeout = SandboxLabels.ReadOnTimeout(labels),
            Routing = SandboxLabels.ReadRouting(labels),
            Private = SandboxLabels.ReadPrivate(labels),
            Traefik = SandboxLabels.ReadTraefik(labels),
            TraefikContainer = SandboxLabels.ReadTraefikContainer(labels),
            Isolation = SandboxLabels.ReadIsolation(labels),
            Network = SandboxLabels.ReadNetwork(labels),
            AllowHosts = SandboxLabels.ReadAllowHosts(labels),
            DenyHosts = SandboxLabels.ReadDenyHosts(labels),
            Runtime = host.Runtime,
            MemoryFolders = MemoryFolder.Read(host.Tmpfs),
            IsFromPool = labels.ContainsKey(SandboxLabels.Pool),
            Creation = labels.GetValueOrDefault(SandboxLabels.Creation),
            Address = address,
            Gateway = gateway,
            Agent = ToAgent(container),
            AgentVersion = labels.GetValueOrDefault(SandboxLabels.Agent),
            Ports = ToPorts(container, host, SandboxLabels.ReadNamedPorts(labels)),
            Metadata = SandboxLabels.ReadMetadata(labels),
            Engine = engine,
        };
    }

    // Who may use the engine may know all of this: the token itself is not among it.
    private static List<string> AgentArguments(SandboxSpecification specification, AgentPlacement agent)
    {
        List<string> arguments = ["serve", "--token-sha256", agent.TokenHash];
        if (specification.Timeout is not null)
            arguments.AddRange(["--lifetime", Seconds(specification.Timeout)]);

        if (specification.Pool is { } pool)
            arguments.AddRange(["--pool", pool]);

        if (specification.Limits.Disk is { } disk)
            arguments.AddRange(["--disk-limit", disk.ToString(CultureInfo.InvariantCulture)]);

        if (specification.Limits.Output is { } output)
            arguments.AddRange(["--max-output", output.ToString(CultureInfo.InvariantCulture)]);

        if (specification.OnTimeout == TimeoutAction.Suspend)
            arguments.AddRange(["--on-timeout", "suspend"]);

        if (specification.StartCommand.Count > 0)
            arguments.AddRange(["--", .. specification.StartCommand]);

        return arguments;
    }

    /// <summary>The agent's volume, where the program is looked for.</summary>
    public static Mount AgentMount(string volume) => new()
    {
        Type = "volume",
        Source = volume,
        Target = AgentConnection.Folder,
        ReadOnly = true,
        VolumeOptions = new VolumeOptions { NoCopy = true },
    };

    private static IEnumerable<(int Port, string Address)> Published(SandboxSpecification specification, AgentPlacement? agent)
    {
        if (specification.Network == NetworkPolicy.None)
            yield break;

        // What is reached by a name below a domain is not reached past it too.
        if (specification.Routing == HostRouting.Port)
        {
            foreach (var port in specification.Ports.Where(port => agent is null || port != EnvdProtocol.Port))
                yield return (port, specification.PublishAddress);
        }

        if (agent is { Publish: true })
            yield return (EnvdProtocol.Port, IPAddress.Loopback.ToString());
    }

    // One that was started again lives its whole life again. The label alone holds before that: the engine's clock may be another one.
    private static DateTimeOffset? ToDeadline(IReadOnlyDictionary<string, string> labels, ContainerState state)
    {
        if (SandboxLabels.ReadDeadline(labels) is not { } first || SandboxLabels.ReadCreated(labels) is not { } created)
            return null;

        var hasEnded = state.FinishedAt.Year > 1;
        var again = hasEnded ? state.StartedAt + (first - created) : first;
        return again > first ? again : first;
    }

    /// <summary>Where a container's agent is; null where it has none.</summary>
    public static AgentAddress? ToAgent(ContainerInspection container)
    {
        var labels = SandboxLabels.Read(container.Config.Labels);
        if (labels.GetValueOrDefault(SandboxLabels.Agent) is not { } version || labels.GetValueOrDefault(SandboxLabels.Creation) is not { } creation)
            return null;

        var (address, gateway) = ToAddresses(container);
        var binding = container.NetworkSettings.Ports.GetValueOrDefault(PortKey(EnvdProtocol.Port))?.FirstOrDefault();
        return new AgentAddress
        {
            Version = version,
            Creation = creation,
            Ip = address,
            Gateway = gateway,
            Published = IPEndPoint.TryParse($"{binding?.HostIp}:{binding?.HostPort}", out var published) && published.Port > 0 ? published : null,
        };
    }

    // Less than a millisecond per period is refused by the kernel.
    private static long ToQuota(double cpus) => Math.Max(1000, (long)Math.Round(cpus * CpuPeriod));

    // The engine tells no gateway of a network without a way out; its bridge has the first address all the same.
    private static (IPAddress? Address, IPAddress? Gateway) ToAddresses(ContainerInspection container)
    {
        // Further ones lead to forwarders, and nowhere else; the engine gives them in no order.
        var networks = container.NetworkSettings.Networks;
        var network = networks.Count == 1 ? networks.Values.First() : networks.Values.FirstOrDefault(one => one.NetworkID == container.HostConfig.NetworkMode);
        if (!IPAddress.TryParse(network?.IPAddress, out var address))
            return (null, null);

        return (address, IPAddress.TryParse(network.Gateway, out var gateway) ? gateway : SubnetRange.GatewayOf(address, network.IPPrefixLen ?? 0));
    }

    // What the maker said holds, also of proxies.
    private static Dictionary<string, string> EnvironmentOf(SandboxSpecification specification, NetworkFacts network, ImageUser? user)
    {
        var variables = new Dictionary<string, string>(network.Environment);
        foreach (var (name, value) in IsolationMapping.Environment(specification, user))
            variables[name] = value;

        return variables;
    }

    private static string PortKey(int port) => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");

    private static string Seconds(TimeSpan? timeout) =>
        ((long)Math.Ceiling(Math.Min(timeout?.TotalSeconds ?? ForeverSeconds, ForeverSeconds))).ToString(CultureInfo.InvariantCulture);

    // The engine makes a volume that is missing together with the container, so that there is no moment in which one is there without the other.
    private static Mount ToMount(SandboxVolume volume, string creation) => new()
    {
        VolumeOptions = volume.IsHostPath ? null : new VolumeOptions { Labels = new() { [SandboxLabels.Kind] = SandboxLabels.VolumeKind, [SandboxLabels.Creation] = creation } },
        Type = volume.IsHostPath ? "bind" : "volume",
        Source = volume.Source,
        Target = volume.Target,
        ReadOnly = !volume.Writable,
    };

    private static SandboxState ToState(ContainerState state) => state.Status switch
    {
        "created" => SandboxState.Created,
        "running" or "restarting" => SandboxState.Running,
        "paused" => SandboxState.Suspended,
        "exited" => SandboxState.Stopped,
        _ => SandboxState.Dead,
    };

    private static List<SandboxPort> ToPorts(ContainerInspection container, HostConfig host, IEnumerable<int> named)
    {
        var ports = new SortedDictionary<int, SandboxPort>();
        foreach (var port in named)
            ports[port] = new SandboxPort(port, HostAddress: null, HostPort: null);

        foreach (var key in host.PortBindings?.Keys ?? Enumerable.Empty<string>())
        {
            if (!int.TryParse(key.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port == EnvdProtocol.Port)
                continue; // the agent's is no user's business

            var binding = container.NetworkSettings.Ports.GetValueOrDefault(key)?.FirstOrDefault();
            var isBound = int.TryParse(binding?.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var hostPort);
            ports[port] = new SandboxPort(port, isBound ? binding!.HostIp : null, isBound ? hostPort : null);
        }

        return [.. ports.Values];
    }
}
