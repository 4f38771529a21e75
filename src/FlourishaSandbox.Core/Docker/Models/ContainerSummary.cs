using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>A container in a list.</summary>
internal sealed record ContainerSummary
{
    /// <summary>The full id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its names, each with a leading slash.</summary>
    public IReadOnlyList<string> Names { get; init => field = value ?? []; } = [];

    /// <summary>Its own name; empty where it has none.</summary>
    [JsonIgnore]
    public string Name => Names is [var first, ..] ? first.TrimStart('/') : "";

    /// <summary>The image's name as it was asked for.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image's id.</summary>
    public string ImageID { get; init; } = "";

    /// <summary>When it was created, in seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c> or <c>dead</c>.</summary>
    public string State { get; init; } = "";

    /// <summary>The state in words, such as <c>Up 3 minutes</c>.</summary>
    public string Status { get; init; } = "";

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Its ports.</summary>
    public IReadOnlyList<ContainerPort> Ports { get; init => field = value ?? []; } = [];

    /// <summary>Its mounts.</summary>
    public IReadOnlyList<MountPoint> Mounts { get; init => field = value ?? []; } = [];

    /// <summary>Its networks.</summary>
    public ContainerNetworks? NetworkSettings { get; init; }
}

/// <summary>A port of a container.</summary>
internal sealed record ContainerPort
{
    /// <summary>The host's address where it is published; null where it is not.</summary>
    public string? IP { get; init; }

    /// <summary>The port in the container.</summary>
    public int PrivatePort { get; init; }

    /// <summary>The host's port; null where it is not published.</summary>
    public int? PublicPort { get; init; }

    /// <summary><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</summary>
    public string Type { get; init; } = "";
}

/// <summary>A mount of a container.</summary>
internal sealed record MountPoint
{
    /// <summary><c>volume</c>, <c>bind</c> or <c>tmpfs</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The volume's name; null for others.</summary>
    public string? Name { get; init; }

    /// <summary>The host's folder.</summary>
    public string? Source { get; init; }

    /// <summary>The path in the container.</summary>
    public string Destination { get; init; } = "";

    /// <summary>Whether it can be written.</summary>
    public bool RW { get; init; }
}

/// <summary>The networks of a container in a list.</summary>
internal sealed record ContainerNetworks
{
    /// <summary>The settings on each network, by its name.</summary>
    public IReadOnlyDictionary<string, EndpointSettings>? Networks { get; init; }
}

/// <summary>A container's place on a network.</summary>
internal sealed record EndpointSettings
{
    /// <summary>The network's id.</summary>
    public string? NetworkID { get; init; }

    /// <summary>The container's address; empty while it does not run.</summary>
    public string? IPAddress { get; init; }

    /// <summary>The length of the network's prefix; 0 while the container does not run.</summary>
    public int? IPPrefixLen { get; init; }

    /// <summary>The network's gateway; empty where the network is internal.</summary>
    public string? Gateway { get; init; }

    /// <summary>The address to have; null to let the engine choose.</summary>
    public EndpointIpam? IPAMConfig { get; init; }

    /// <summary>Further names of the container on this network.</summary>
    public List<string>? Aliases { get; init; }
}

/// <summary>The address that a container is to have on a network.</summary>
internal sealed record EndpointIpam
{
    /// <summary>The address.</summary>
    public string? IPv4Address { get; init; }
}
