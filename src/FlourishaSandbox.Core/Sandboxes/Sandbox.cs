using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Isolation;

namespace FlourishaSandbox.Sandboxes;

/// <summary>A sandbox as it was when it was asked for: the object that every cmdlet takes and gives. It does not change; ask again for news.</summary>
public sealed class Sandbox
{
    private DateTimeOffset? _deadline;
    private SandboxState _state;

    /// <summary>The engine's id, 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The first 12 digits of <see cref="Id"/>, enough to name the sandbox by hand.</summary>
    public string ShortId => Id.Length <= 12 ? Id : Id[..12];

    /// <summary>The name, unique on its engine.</summary>
    public required string Name { get; init; }

    /// <summary>What it was doing.</summary>
    public required SandboxState State
    {
        get => _state;
        init => _state = value;
    }

    /// <summary>With which exit code its first process ended: 124 at its deadline; null while it has not ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The template that it was made from; null where an image was named instead.</summary>
    public string? Template { get; init; }

    /// <summary>The image that it was made from.</summary>
    public required string Image { get; init; }

    /// <summary>Who made it, as <c>user@machine</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>When it was made, by the clock of the machine that made it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ends by itself; null where it has no deadline. As its agent said, where it was asked; else as it was made.</summary>
    public DateTimeOffset? Deadline
    {
        get => _deadline;
        init => _deadline = value;
    }

    /// <summary>The user whom its commands run as; null for the image's own.</summary>
    public string? User { get; init; }

    /// <summary>The folder in which its commands start.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>What it may use.</summary>
    public ResourceLimits Limits { get; init; } = ResourceLimits.Default;

    /// <summary>Whether the kernel had ended a process of it for want of memory before it ended. The engine says so only then; while it runs, measurements do.</summary>
    public bool OutOfMemory { get; init; }

    /// <summary>What becomes of it at its deadline.</summary>
    public TimeoutAction OnTimeout { get; init; }

    /// <summary>By which way its ports are reached.</summary>
    public HostRouting Routing { get; init; }

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

    /// <summary>The OCI runtime that carries it, such as <c>runc</c>.</summary>
    public string? Runtime { get; init; }

    /// <summary>The ports that can be reached from outside, in ascending order.</summary>
    public IReadOnlyList<SandboxPort> Ports { get; init; } = [];

    /// <summary>What its maker wrote down about it.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>The version of the agent in it; null where it has none, and commands and files go through the Docker Engine.</summary>
    public string? AgentVersion { get; init; }

    /// <summary>The engine that it is on, as an address.</summary>
    public required string Engine { get; init; }

    /// <summary>Its folders that are file systems in memory, which the engine does not see into.</summary>
    internal IReadOnlyList<MemoryFolder> MemoryFolders { get; init; } = [];

    /// <summary>Whether it waited in a pool before it was claimed.</summary>
    public bool IsFromPool { get; init; }

    /// <summary>The mark of its creation, which all bears that was made with it; null where its labels hold none.</summary>
    internal string? Creation { get; init; }

    /// <summary>Its own address in its network; null where it has none, and while it does not run.</summary>
    internal IPAddress? Address { get; init; }

    /// <summary>The engine's own address in that network; null where there is none.</summary>
    internal IPAddress? Gateway { get; init; }

    /// <summary>The URL of the domain below which Traefik leads to it; null where it does not.</summary>
    internal Uri? Traefik { get; init; }

    /// <summary>Traefik's container, as it was named when the sandbox was made; null where it is looked for.</summary>
    internal string? TraefikContainer { get; init; }

    /// <summary>Whether it has a network of its own.</summary>
    internal bool HasOwnNetwork => Network == NetworkPolicy.Dedicated;

    /// <summary>Where its agent is; null where it has none.</summary>
    internal AgentAddress? Agent { get; init; }

    /// <summary>The process that made it; null where that is not known.</summary>
    internal SandboxMaker? Maker { get; init; }

    /// <summary>When it was to end as it was made or started last; <see cref="Deadline"/> differs where somebody set another one since.</summary>
    internal DateTimeOffset? FirstDeadline { get; private set; }

    /// <summary>Whether <see cref="Deadline"/> is what its agent said. Where it is not, the true one may be later.</summary>
    internal bool HasToldDeadline { get; private set; }

    /// <summary>How long it was given to live when it was made; null for no end.</summary>
    internal TimeSpan? Lifetime { get; init; }

    /// <summary>The same with the deadline that its agent told.</summary>
    internal Sandbox With(DateTimeOffset? deadline, bool isSuspended = false)
    {
        var copy = (Sandbox)MemberwiseClone();
        copy.FirstDeadline = HasToldDeadline ? FirstDeadline : _deadline;
        copy.HasToldDeadline = true;
        copy._deadline = deadline;
        copy._state = isSuspended ? SandboxState.Suspended : _state;
        return copy;
    }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
