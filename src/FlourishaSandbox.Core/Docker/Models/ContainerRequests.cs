namespace FlourishaSandbox.Docker;

/// <summary>An object without members, which the engine's maps have for values.</summary>
internal sealed record EmptyObject;

/// <summary>What a container is created from. Null leaves the engine's or the image's default.</summary>
internal sealed record ContainerCreateRequest
{
    /// <summary>The image's name or id.</summary>
    public required string Image { get; init; }

    /// <summary>The host name inside.</summary>
    public string? Hostname { get; init; }

    /// <summary>The user, as name or uid, with an optional group after a colon.</summary>
    public string? User { get; init; }

    /// <summary>Environment variables as NAME=value.</summary>
    public List<string>? Env { get; init; }

    /// <summary>The command's words.</summary>
    public List<string>? Cmd { get; init; }

    /// <summary>The entry point's words, to which the command's are added. One empty string clears the image's.</summary>
    public List<string>? Entrypoint { get; init; }

    /// <summary>The working folder.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Labels; immutable afterwards.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>Ports that are served, as <c>8080/tcp</c>.</summary>
    public Dictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>The signal that asks process 1 to end, such as SIGTERM.</summary>
    public string? StopSignal { get; init; }

    /// <summary>Whether process 1 has a terminal.</summary>
    public bool? Tty { get; init; }

    /// <summary>Whether process 1's standard input stays open.</summary>
    public bool? OpenStdin { get; init; }

    /// <summary>What is the host's business.</summary>
    public HostConfig? HostConfig { get; init; }

    /// <summary>The networks to be on.</summary>
    public NetworkingConfig? NetworkingConfig { get; init; }
}

/// <summary>The networks of a container to create.</summary>
internal sealed record NetworkingConfig
{
    /// <summary>The settings for each network, by its name.</summary>
    public Dictionary<string, EndpointSettings>? EndpointsConfig { get; init; }
}

/// <summary>A created container.</summary>
/// <param name="Id">The full id.</param>
/// <param name="Warnings">What the engine has to say about the request; null or empty for nothing.</param>
internal sealed record ContainerCreated(string Id, IReadOnlyList<string>? Warnings);

/// <summary>Limits to change on a container. Null leaves a limit as it is.</summary>
internal sealed record ContainerUpdateRequest
{
    /// <summary>Memory, in bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Memory and swap together, in bytes; -1 for no limit.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Processor time, in billionths of a core.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>The period over which <see cref="CpuQuota"/> is granted, in microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>CPU time per <see cref="CpuPeriod"/>, in microseconds.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>How many processes and threads there may be; 0 or -1 for no limit.</summary>
    public long? PidsLimit { get; init; }

    /// <summary>When the engine starts the container again by itself.</summary>
    public RestartPolicy? RestartPolicy { get; init; }
}

/// <summary>Which part of a container's log is read.</summary>
internal sealed record LogsRequest
{
    /// <summary>Whether to wait for what is still to be logged.</summary>
    public bool Follow { get; init; }

    /// <summary>Whether standard output is included.</summary>
    public bool Stdout { get; init; } = true;

    /// <summary>Whether standard error is included.</summary>
    public bool Stderr { get; init; } = true;

    /// <summary>Whether each line begins with its time.</summary>
    public bool Timestamps { get; init; }

    /// <summary>The time from which to read; null for the beginning.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>How many lines from the end; null for all.</summary>
    public int? Tail { get; init; }
}
