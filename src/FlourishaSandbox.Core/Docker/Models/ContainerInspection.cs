namespace FlourishaSandbox.Docker;

/// <summary>Everything about a container.</summary>
internal sealed record ContainerInspection
{
    /// <summary>The full id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its name, with a leading slash.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The image's id.</summary>
    public string Image { get; init; } = "";

    /// <summary>Whether it runs, and how it ended.</summary>
    public ContainerState State { get; init => field = value ?? new(); } = new();

    /// <summary>What it was created from.</summary>
    public ContainerConfig Config { get; init => field = value ?? new(); } = new();

    /// <summary>What it may use of its host.</summary>
    public HostConfig HostConfig { get; init => field = value ?? new(); } = new();

    /// <summary>Its networks and published ports.</summary>
    public NetworkSettings NetworkSettings { get; init => field = value ?? new(); } = new();

    /// <summary>Its mounts.</summary>
    public IReadOnlyList<MountPoint> Mounts { get; init => field = value ?? []; } = [];

    /// <summary>Bytes written over the image; only where it was asked for.</summary>
    public long? SizeRw { get; init; }
}

/// <summary>Whether a container runs, and how it ended.</summary>
internal sealed record ContainerState
{
    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Whether process 1 lives; true while paused.</summary>
    public bool Running { get; init; }

    /// <summary>Whether it is paused.</summary>
    public bool Paused { get; init; }

    /// <summary>Whether the kernel ended a process for want of memory.</summary>
    public bool OOMKilled { get; init; }

    /// <summary>Process 1's exit code; 0 while it runs.</summary>
    public int ExitCode { get; init; }

    /// <summary>When it started; year 1 where it never did.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; year 1 where it never did.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Process 1's id on the host; 0 while it does not run.</summary>
    public int Pid { get; init; }

    /// <summary>Why it could not be started; empty where it could.</summary>
    public string Error { get; init; } = "";
}

/// <summary>What a container or an image says about the process to run.</summary>
internal sealed record ContainerConfig
{
    /// <summary>The host name inside.</summary>
    public string? Hostname { get; init; }

    /// <summary>The user; empty for root.</summary>
    public string? User { get; init; }

    /// <summary>Environment variables as NAME=value.</summary>
    public IReadOnlyList<string> Env { get; init => field = value ?? []; } = [];

    /// <summary>The command's words.</summary>
    public IReadOnlyList<string>? Cmd { get; init; }

    /// <summary>The entry point's words.</summary>
    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary>The image's name as it was asked for.</summary>
    public string? Image { get; init; }

    /// <summary>The working folder; empty for the root.</summary>
    public string? WorkingDir { get; init; }

    /// <summary>Labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Ports that are served, as <c>8080/tcp</c>.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? ExposedPorts { get; init; }

    /// <summary>Whether process 1 has a terminal.</summary>
    public bool Tty { get; init; }

    /// <summary>The signal that asks process 1 to end.</summary>
    public string? StopSignal { get; init; }
}

/// <summary>A container's networks and published ports.</summary>
internal sealed record NetworkSettings
{
    /// <summary>Where each port is published; null for one that is not.</summary>
    public IReadOnlyDictionary<string, List<PortBinding>?> Ports { get; init => field = value ?? new Dictionary<string, List<PortBinding>?>(); } = new Dictionary<string, List<PortBinding>?>();

    /// <summary>The settings on each network, by its name.</summary>
    public IReadOnlyDictionary<string, EndpointSettings> Networks { get; init => field = value ?? new Dictionary<string, EndpointSettings>(); } = new Dictionary<string, EndpointSettings>();
}
