namespace FlourishaSandbox.Docker;

/// <summary>What a container may use of its host. Null leaves the engine's default.</summary>
internal sealed record HostConfig
{
    /// <summary>Memory, in bytes; 0 for no limit.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory and swap together, in bytes; -1 for no limit.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Processor time, in billionths of a core; 0 for no limit.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>The period over which <see cref="CpuQuota"/> is granted, in microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>CPU time per <see cref="CpuPeriod"/>, in microseconds. Unlike <see cref="NanoCpus"/>, not refused where it exceeds the host's CPUs.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>How many processes and threads there may be; 0 or -1 for no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>Capabilities to drop; <c>ALL</c> for every one.</summary>
    public List<string>? CapDrop { get; init; }

    /// <summary>Capabilities to add.</summary>
    public List<string>? CapAdd { get; init; }

    /// <summary>Security options, such as <c>no-new-privileges</c>.</summary>
    public List<string>? SecurityOpt { get; init; }

    /// <summary>The network: its name, or <c>bridge</c>, <c>none</c>, <c>host</c>.</summary>
    public string? NetworkMode { get; init; }

    /// <summary>Where served ports are published, by port as <c>8080/tcp</c>.</summary>
    public Dictionary<string, List<PortBinding>?>? PortBindings { get; init; }

    /// <summary>Whether the engine's init is process 1.</summary>
    public bool? Init { get; init; }

    /// <summary>Limits of the kind that a shell's <c>ulimit</c> sets.</summary>
    public List<Ulimit>? Ulimits { get; init; }

    /// <summary>Volumes, folders and memory file systems.</summary>
    public List<Mount>? Mounts { get; init; }

    /// <summary>Mounts in the older form <c>source:target[:options]</c>; volumes that do not exist are made.</summary>
    public List<string>? Binds { get; init; }

    /// <summary>Whether the engine removes the container when it has ended.</summary>
    public bool? AutoRemove { get; init; }

    /// <summary>Whether the root file system cannot be written.</summary>
    public bool? ReadonlyRootfs { get; init; }

    /// <summary>Memory file systems: options such as <c>size=64m,mode=1777</c>, by path.</summary>
    public Dictionary<string, string>? Tmpfs { get; init; }

    /// <summary>The size of /dev/shm, in bytes.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Options of the storage driver, such as <c>size</c>.</summary>
    public Dictionary<string, string>? StorageOpt { get; init; }

    /// <summary>The OCI runtime, such as <c>runsc</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary>Paths of the kernel that cannot be seen; empty for none.</summary>
    public List<string>? MaskedPaths { get; init; }

    /// <summary>Paths of the kernel that cannot be written; empty for none.</summary>
    public List<string>? ReadonlyPaths { get; init; }

    /// <summary>When the engine starts the container again by itself.</summary>
    public RestartPolicy? RestartPolicy { get; init; }

    /// <summary>Whether the container has all of the host's devices and capabilities.</summary>
    public bool? Privileged { get; init; }

    /// <summary>Devices of the host.</summary>
    public List<DeviceMapping>? Devices { get; init; }

    /// <summary>Lines for /etc/hosts, as <c>name:address</c>.</summary>
    public List<string>? ExtraHosts { get; init; }

    /// <summary>Name servers.</summary>
    public List<string>? Dns { get; init; }

    /// <summary>Kernel parameters of the container's namespaces.</summary>
    public Dictionary<string, string>? Sysctls { get; init; }

    /// <summary>Groups that the user is in beside its own.</summary>
    public List<string>? GroupAdd { get; init; }

    /// <summary>Where the log goes.</summary>
    public LogConfig? LogConfig { get; init; }
}

/// <summary>Where a port is published.</summary>
internal sealed record PortBinding
{
    /// <summary>The host's address to listen at; empty for all.</summary>
    public string? HostIp { get; init; }

    /// <summary>The host's port as text; empty or 0 for a free one.</summary>
    public string? HostPort { get; init; }
}

/// <summary>A device of the host in a container.</summary>
internal sealed record DeviceMapping
{
    /// <summary>The host's path.</summary>
    public required string PathOnHost { get; init; }

    /// <summary>The container's path.</summary>
    public required string PathInContainer { get; init; }

    /// <summary>What may be done with it: <c>r</c>, <c>w</c> and <c>m</c> for making it.</summary>
    public string CgroupPermissions { get; init; } = "rwm";
}

/// <summary>A limit of the kind that a shell's <c>ulimit</c> sets.</summary>
internal sealed record Ulimit
{
    /// <summary>The limit's name, such as <c>nofile</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The limit that applies; -1 for none.</summary>
    public long Soft { get; init; }

    /// <summary>The limit to which it may be raised; -1 for none.</summary>
    public long Hard { get; init; }
}

/// <summary>A mount to make.</summary>
internal sealed record Mount
{
    /// <summary><c>volume</c>, <c>bind</c> or <c>tmpfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>The volume's name or the host's folder; null for tmpfs and anonymous volumes.</summary>
    public string? Source { get; init; }

    /// <summary>The path in the container.</summary>
    public required string Target { get; init; }

    /// <summary>Whether it cannot be written.</summary>
    public bool? ReadOnly { get; init; }

    /// <summary>What only volumes have.</summary>
    public VolumeOptions? VolumeOptions { get; init; }

    /// <summary>What only memory file systems have.</summary>
    public TmpfsOptions? TmpfsOptions { get; init; }
}

/// <summary>What only a volume's mount has.</summary>
internal sealed record VolumeOptions
{
    /// <summary>Whether the image's files at the target are not copied into an empty volume.</summary>
    public bool? NoCopy { get; init; }

    /// <summary>Labels for a volume that is made by the mount.</summary>
    public Dictionary<string, string>? Labels { get; init; }
}

/// <summary>What only a memory file system's mount has.</summary>
internal sealed record TmpfsOptions
{
    /// <summary>Its size, in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>The permissions of its root, as a number.</summary>
    public int? Mode { get; init; }
}

/// <summary>When the engine starts a container again by itself.</summary>
internal sealed record RestartPolicy
{
    /// <summary><c>no</c>, <c>always</c>, <c>on-failure</c> or <c>unless-stopped</c>.</summary>
    public string? Name { get; init; }

    /// <summary>How often, for <c>on-failure</c>.</summary>
    public int? MaximumRetryCount { get; init; }
}

/// <summary>Where a container's log goes.</summary>
internal sealed record LogConfig
{
    /// <summary>The driver, such as <c>json-file</c>.</summary>
    public string? Type { get; init; }

    /// <summary>The driver's options, such as <c>max-size</c>.</summary>
    public Dictionary<string, string>? Config { get; init; }
}
