namespace FlourishaSandbox.Docker;

/// <summary>A network to create.</summary>
internal sealed record NetworkCreateRequest
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Whether a second network of this name is refused. Engines since API 1.44 always do.</summary>
    public bool CheckDuplicate { get; init; } = true;

    /// <summary>The driver; null for <c>bridge</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>Whether nothing outside can be reached.</summary>
    public bool? Internal { get; init; }

    /// <summary>The driver's options.</summary>
    public Dictionary<string, string>? Options { get; init; }

    /// <summary>Labels.</summary>
    public Dictionary<string, string>? Labels { get; init; }

    /// <summary>The addresses; null to let the engine choose.</summary>
    public Ipam? IPAM { get; init; }
}

/// <summary>A network's addresses.</summary>
internal sealed record Ipam
{
    /// <summary>Who hands them out.</summary>
    public string? Driver { get; init; }

    /// <summary>The subnets.</summary>
    public List<IpamConfig>? Config { get; init; }
}

/// <summary>A subnet.</summary>
internal sealed record IpamConfig
{
    /// <summary>The subnet, such as <c>10.213.0.0/28</c>.</summary>
    public string? Subnet { get; init; }

    /// <summary>The gateway; null for the first address.</summary>
    public string? Gateway { get; init; }
}

/// <summary>A created network.</summary>
internal sealed record NetworkCreated
{
    /// <summary>The full id.</summary>
    public string Id { get; init; } = "";

    /// <summary>What the engine has to say about the request; empty for nothing.</summary>
    public string? Warning { get; init; }
}

/// <summary>Everything about a network.</summary>
internal sealed record NetworkInspection
{
    /// <summary>The full id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>When it was created.</summary>
    public DateTimeOffset Created { get; init; }

    /// <summary>The driver.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Whether nothing outside can be reached.</summary>
    public bool Internal { get; init; }

    /// <summary>The driver's options.</summary>
    public IReadOnlyDictionary<string, string> Options { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();

    /// <summary>Its addresses.</summary>
    public Ipam? IPAM { get; init; }

    /// <summary>The running containers on it, by id; always empty in a list.</summary>
    public IReadOnlyDictionary<string, NetworkContainer> Containers { get; init => field = value ?? new Dictionary<string, NetworkContainer>(); } = new Dictionary<string, NetworkContainer>();
}

/// <summary>A container on a network.</summary>
internal sealed record NetworkContainer
{
    /// <summary>Its name, without a slash.</summary>
    public string Name { get; init; } = "";

    /// <summary>Its address with the length of the subnet's prefix.</summary>
    public string IPv4Address { get; init; } = "";
}

/// <summary>A container to put on a network.</summary>
internal sealed record NetworkConnectRequest
{
    /// <summary>The container's name or id.</summary>
    public required string Container { get; init; }

    /// <summary>Its place on the network; null to let the engine choose.</summary>
    public EndpointSettings? EndpointConfig { get; init; }
}

/// <summary>A container to take off a network.</summary>
internal sealed record NetworkDisconnectRequest
{
    /// <summary>The container's name or id.</summary>
    public required string Container { get; init; }

    /// <summary>Whether it is done even where the container does not agree.</summary>
    public bool Force { get; init; }
}
