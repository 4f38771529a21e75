namespace FlourishaSandbox.Docker;

/// <summary>A volume to create. One that exists with this name is returned as it is.</summary>
internal sealed record VolumeCreateRequest
{
    /// <summary>Its name; null to let the engine choose.</summary>
    public string? Name { get; init; }

    /// <summary>The driver; null for <c>local</c>.</summary>
    public string? Driver { get; init; }

    /// <summary>The driver's options.</summary>
    public Dictionary<string, string>? DriverOpts { get; init; }

    /// <summary>Labels.</summary>
    public Dictionary<string, string>? Labels { get; init; }
}

/// <summary>Everything about a volume.</summary>
internal sealed record VolumeInspection
{
    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The driver.</summary>
    public string Driver { get; init; } = "";

    /// <summary>Where it is on the host.</summary>
    public string Mountpoint { get; init; } = "";

    /// <summary>When it was created; null where the driver does not say.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Its labels.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();
}

/// <summary>A list of volumes as the engine wraps it.</summary>
internal sealed record VolumeList
{
    /// <summary>The volumes.</summary>
    public IReadOnlyList<VolumeInspection> Volumes { get; init => field = value ?? []; } = [];
}
