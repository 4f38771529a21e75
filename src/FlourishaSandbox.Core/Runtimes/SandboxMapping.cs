using System.Globalization;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What a container is as a sandbox, and what a sandbox is as a container.</summary>
internal static class SandboxMapping
{
    /// <summary>The network that all sandboxes share. Inter-container communication is off in it, so they share nothing but the way out.</summary>
    public const string SharedNetwork = "flourisha-shared";

    // CPU time is granted per 100 ms: the kernel's own default period.
    private const long CpuPeriod = 100_000;

    // Some 68 years: what both GNU's and BusyBox's sleep take for a sandbox without a deadline.
    private const int ForeverSeconds = int.MaxValue;

    /// <summary>The container for a specification.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">This creation's own mark.</param>
    /// <param name="limitOpenFiles">False for an engine that may have fewer open files itself, and so cannot grant the limit; its own then holds.</param>
    public static ContainerCreateRequest ToContainer(SandboxSpecification specification, string creation, bool limitOpenFiles) => new()
    {
        Image = specification.Image,
        Hostname = specification.Name.Replace('_', '-'),
        User = specification.User,
        WorkingDir = specification.WorkingDirectory,
        Env = [.. specification.Environment.Select(variable => $"{variable.Key}={variable.Value}")],
        Labels = SandboxLabels.Write(specification, creation),
        // The first process ends at the deadline, and the sandbox with it, whatever happens to its maker.
        Entrypoint = ["sleep"],
        Cmd = [Seconds(specification.Timeout)],
        ExposedPorts = specification.Ports.ToDictionary(PortKey, _ => new EmptyObject()),
        HostConfig = new HostConfig
        {
            Memory = specification.Limits.Memory,
            MemorySwap = specification.Limits.Memory,
            CpuPeriod = CpuPeriod,
            CpuQuota = Math.Max(1000, (long)Math.Round(specification.Limits.Cpus * CpuPeriod)),
            PidsLimit = specification.Limits.PidLimit,
            Ulimits = !limitOpenFiles ? null : [new Ulimit { Name = "nofile", Soft = specification.Limits.OpenFileLimit, Hard = specification.Limits.OpenFileLimit }],
            CapDrop = ["ALL"],
            CapAdd = [.. specification.Capabilities],
            SecurityOpt = ["no-new-privileges"],
            // Reaps what commands leave behind; sleep would not.
            Init = true,
            NetworkMode = SharedNetwork,
            PortBindings = specification.Ports.ToDictionary(PortKey, _ => (List<PortBinding>?)[new PortBinding { HostIp = specification.PublishAddress, HostPort = "" }]),
            Mounts = [.. specification.Volumes.Select(ToMount)],
        },
    };

    /// <summary>Whether a container is one of our sandboxes.</summary>
    public static bool IsSandbox(IReadOnlyDictionary<string, string>? labels) => labels?.GetValueOrDefault(SandboxLabels.Kind) == SandboxLabels.SandboxKind;

    /// <summary>The sandbox that a container is.</summary>
    public static Sandbox ToSandbox(ContainerInspection container, string engine)
    {
        var (labels, host) = (container.Config.Labels, container.HostConfig);
        return new Sandbox
        {
            Id = container.Id,
            Name = container.Name.TrimStart('/'),
            State = ToState(container.State),
            Template = labels.GetValueOrDefault(SandboxLabels.Template),
            Image = container.Config.Image ?? container.Image,
            Owner = SandboxLabels.ReadOwner(labels),
            CreatedAt = SandboxLabels.ReadCreated(labels) ?? container.Created,
            Deadline = SandboxLabels.ReadDeadline(labels),
            User = string.IsNullOrEmpty(container.Config.User) ? null : container.Config.User,
            WorkingDirectory = string.IsNullOrEmpty(container.Config.WorkingDir) ? "/" : container.Config.WorkingDir,
            Limits = new ResourceLimits
            {
                Memory = host.Memory ?? 0,
                Cpus = (double)(host.CpuQuota ?? 0) / CpuPeriod,
                PidLimit = (int)(host.PidsLimit ?? 0),
            },
            Ports = ToPorts(container, host),
            Metadata = SandboxLabels.ReadMetadata(labels),
            Engine = engine,
        };
    }

    private static string PortKey(int port) => string.Create(CultureInfo.InvariantCulture, $"{port}/tcp");

    private static string Seconds(TimeSpan? timeout) =>
        ((long)Math.Ceiling(Math.Min(timeout?.TotalSeconds ?? ForeverSeconds, ForeverSeconds))).ToString(CultureInfo.InvariantCulture);

    private static Mount ToMount(SandboxVolume volume) => new()
    {
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

    private static List<SandboxPort> ToPorts(ContainerInspection container, HostConfig host)
    {
        var ports = new SortedDictionary<int, SandboxPort>();
        foreach (var key in host.PortBindings?.Keys ?? Enumerable.Empty<string>())
        {
            if (!int.TryParse(key.Split('/')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
                continue;

            var binding = container.NetworkSettings.Ports.GetValueOrDefault(key)?.FirstOrDefault();
            var isBound = int.TryParse(binding?.HostPort, NumberStyles.None, CultureInfo.InvariantCulture, out var hostPort);
            ports[port] = new SandboxPort(port, isBound ? binding!.HostIp : null, isBound ? hostPort : null);
        }

        return [.. ports.Values];
    }
}
