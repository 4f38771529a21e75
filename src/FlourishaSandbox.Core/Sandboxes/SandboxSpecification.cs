using FlourishaSandbox.Hosting;
using FlourishaSandbox.Networks;

namespace FlourishaSandbox.Sandboxes;

/// <summary>A sandbox to be made, with every question answered: options, template and settings laid over each other. What a runtime gets.</summary>
public sealed record SandboxSpecification
{
    /// <summary>The name, unique on the engine.</summary>
    public required string Name { get; init; }

    /// <summary>The template's name, or null.</summary>
    public string? Template { get; init; }

    /// <summary>The image, which is on the engine.</summary>
    public required string Image { get; init; }

    /// <summary>The image's id; null where it is not known.</summary>
    public string? ImageId { get; init; }

    /// <summary>The image's system and processor, as Docker names them: <c>linux</c>, <c>amd64</c>.</summary>
    public (string OperatingSystem, string Architecture) Platform { get; init; } = ("linux", "amd64");

    /// <summary>What is started in it as soon as it runs; empty for nothing.</summary>
    public IReadOnlyList<string> StartCommand { get; init; } = [];

    /// <summary>Who makes it.</summary>
    public required string Owner { get; init; }

    /// <summary>The process that makes it; null where that is not to be known.</summary>
    public SandboxMaker? Maker { get; init; }

    /// <summary>When it is made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How long it lives; null for no end.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>When it ends; null for no end.</summary>
    public DateTimeOffset? Deadline => CreatedAt + Timeout;

    /// <summary>What becomes of it at its deadline.</summary>
    public TimeoutAction OnTimeout { get; init; }

    /// <summary>By which way its ports are reached.</summary>
    public HostRouting Routing { get; init; }

    /// <summary>How Traefik leads to it; null where it does not.</summary>
    public TraefikRoute? Traefik { get; init; }

    /// <summary>Whether the gateway lets only those to its ports who have their token.</summary>
    public bool Private { get; init; }

    /// <summary>How hard it is closed.</summary>
    public IsolationLevel Isolation { get; init; }

    /// <summary>What it can reach.</summary>
    public NetworkPolicy Network { get; init; }

    /// <summary>Hosts that it may reach by HTTP and HTTPS, and no others; empty for all.</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>Hosts that it may not reach.</summary>
    public IReadOnlyList<string> DenyHosts { get; init; } = [];

    /// <summary>How the lists of hosts are enforced; null where there are none.</summary>
    public EgressPolicy? Egress { get; init; }

    /// <summary>The addresses from which it gets a subnet, where it has a network of its own; null for <see cref="SubnetRange.Default"/>.</summary>
    public SubnetRange? SubnetRange { get; init; }

    /// <summary>The OCI runtime; null for the engine's own choice.</summary>
    public string? Runtime { get; init; }

    /// <summary>What it may use.</summary>
    public required ResourceLimits Limits { get; init; }

    /// <summary>The user; null for the image's own.</summary>
    public string? User { get; init; }

    /// <summary>The folder in which commands start; null for the image's own.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Environment variables.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Those of <see cref="Environment"/> that come from the template, which a pool's sandboxes are made with.</summary>
    public IReadOnlyDictionary<string, string> TemplateEnvironment { get; init; } = new Dictionary<string, string>();

    /// <summary>The name of the pool that it is to wait in; null for a sandbox of its own.</summary>
    public string? Pool { get; init; }

    /// <summary>What it can become when it is claimed; null where it is to wait in no pool.</summary>
    public string? PoolKey { get; init; }

    /// <summary>The names of those variables that the maker gave: they may hold secrets, which checkpoints must not.</summary>
    public IReadOnlyList<string> GivenVariables { get; init; } = [];

    /// <summary>The maker's notes.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>Ports to publish.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The address of the engine's machine on which ports are published.</summary>
    public required string PublishAddress { get; init; }

    /// <summary>Linux capabilities that are kept, such as <c>NET_BIND_SERVICE</c>; all others are dropped.</summary>
    public IReadOnlyList<string> Capabilities { get; init; } = [];

    /// <summary>The size of /dev/shm in bytes; null for the isolation's own.</summary>
    public long? SharedMemory { get; init; }

    /// <summary>Storage from outside.</summary>
    public IReadOnlyList<SandboxVolume> Volumes { get; init; } = [];
}
