using System.Text.Json.Serialization;

namespace FlourishaSandbox.Docker;

/// <summary>What an engine says of itself before a version is agreed on.</summary>
/// <param name="ApiVersion">The newest version of the API that it speaks; null where what answered is no engine.</param>
/// <param name="OsType"><c>linux</c> or <c>windows</c>; null where it does not say.</param>
internal sealed record EnginePing(string? ApiVersion, string? OsType);

/// <summary>The engine's versions.</summary>
internal sealed record EngineVersion
{
    /// <summary>The engine's version, such as <c>20.10.24</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The newest version of the API.</summary>
    public string ApiVersion { get; init; } = "";

    /// <summary>The oldest version of the API.</summary>
    public string MinAPIVersion { get; init; } = "";

    /// <summary>The system, such as <c>linux</c>.</summary>
    public string Os { get; init; } = "";

    /// <summary>The processor, such as <c>amd64</c>.</summary>
    public string Arch { get; init; } = "";

    /// <summary>The kernel's version.</summary>
    public string? KernelVersion { get; init; }
}

/// <summary>The engine and its host.</summary>
internal sealed record EngineInfo
{
    /// <summary>The engine's identity, which stays the same over restarts.</summary>
    public string ID { get; init; } = "";

    /// <summary>The host's name.</summary>
    public string Name { get; init; } = "";

    /// <summary>The engine's version.</summary>
    public string ServerVersion { get; init; } = "";

    /// <summary>How many cores the host has.</summary>
    public int NCPU { get; init; }

    /// <summary>The host's memory, in bytes.</summary>
    public long MemTotal { get; init; }

    /// <summary><c>linux</c> or <c>windows</c>.</summary>
    public string OSType { get; init; } = "";

    /// <summary>The processor as the kernel names it, such as <c>x86_64</c>.</summary>
    public string Architecture { get; init; } = "";

    /// <summary>The distribution.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>Where images and containers are on the host.</summary>
    public string DockerRootDir { get; init; } = "";

    /// <summary>The storage driver, such as <c>overlay2</c>.</summary>
    public string Driver { get; init; } = "";

    /// <summary>What the storage driver says of itself, in pairs such as <c>Backing Filesystem</c> and <c>xfs</c>.</summary>
    public IReadOnlyList<List<string>> DriverStatus { get; init => field = value ?? []; } = [];

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string? CgroupVersion { get; init; }

    /// <summary>How many containers run.</summary>
    public int ContainersRunning { get; init; }

    /// <summary>How many containers there are.</summary>
    public int Containers { get; init; }

    /// <summary>What confines containers, such as <c>name=seccomp,profile=default</c>.</summary>
    public IReadOnlyList<string> SecurityOptions { get; init => field = value ?? []; } = [];

    /// <summary>The OCI runtimes by name.</summary>
    public IReadOnlyDictionary<string, EmptyObject>? Runtimes { get; init; }

    /// <summary>The runtime that is used where none is named.</summary>
    public string? DefaultRuntime { get; init; }

    /// <summary>What the engine warns of.</summary>
    public IReadOnlyList<string> Warnings { get; init => field = value ?? []; } = [];
}

/// <summary>Something that happened on an engine.</summary>
internal sealed record EngineEvent
{
    /// <summary>What it happened to: <c>container</c>, <c>network</c>, <c>volume</c>, <c>image</c> …</summary>
    public string Type { get; init; } = "";

    /// <summary>What happened: <c>create</c>, <c>start</c>, <c>die</c>, <c>destroy</c> …</summary>
    public string Action { get; init; } = "";

    /// <summary>The object.</summary>
    public EventActor Actor { get; init => field = value ?? new(); } = new();

    /// <summary>When, in nanoseconds since 1970.</summary>
    [JsonPropertyName("timeNano")]
    public long TimeNano { get; init; }

    /// <summary>When.</summary>
    [JsonIgnore]
    public DateTimeOffset Time => DateTimeOffset.UnixEpoch.AddTicks(TimeNano / 100);
}

/// <summary>What an event is about.</summary>
internal sealed record EventActor
{
    /// <summary>The object's id; for volumes the name.</summary>
    public string ID { get; init; } = "";

    /// <summary>The object's labels and more, such as <c>exitCode</c>.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; init => field = value ?? new Dictionary<string, string>(); } = new Dictionary<string, string>();
}
