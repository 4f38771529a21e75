using System.Globalization;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What a sandbox's labels say. Labels cannot change once a container is made, so they hold only what never changes.</summary>
internal static class SandboxLabels
{
    /// <summary>Borne by everything that we make on an engine; its value says what it is: sandbox, network, proxy, forwarder, volume, image or agent.</summary>
    public const string Kind = "flourisha.sandbox";

    /// <summary>The value of <see cref="Kind"/> for a sandbox's container.</summary>
    public const string SandboxKind = "sandbox";

    /// <summary>The value of <see cref="Kind"/> for a network.</summary>
    public const string NetworkKind = "network";

    /// <summary>The value of <see cref="Kind"/> for a named volume.</summary>
    public const string VolumeKind = "volume";

    /// <summary>The value of <see cref="Kind"/> for an image that was built here.</summary>
    public const string ImageKind = "image";

    /// <summary>The value of <see cref="Kind"/> for what brings the agent to an engine: its image, its volume and the container that says that it is there.</summary>
    public const string AgentKind = "agent";

    /// <summary>The value of <see cref="Kind"/> for a container that was made to wait in a pool; also after it was claimed, as labels cannot change.</summary>
    public const string PoolKind = "pool";

    /// <summary>The value of <see cref="Kind"/> for the volume that says who claimed such a container.</summary>
    public const string ClaimKind = "claim";

    /// <summary>The key of a container of a pool: what it can become.</summary>
    public const string PoolKey = "flourisha.pool.key";

    /// <summary>The name of the pool that a container was made for.</summary>
    public const string Pool = "flourisha.pool";

    /// <summary>Different for each claim, by which it is known whose it is.</summary>
    public const string Claim = "flourisha.claim";

    /// <summary>The container that a claim is about.</summary>
    public const string ClaimedContainer = "flourisha.claim.container";

    /// <summary>The value of <see cref="Kind"/> for the container of a proxy.</summary>
    public const string ProxyKind = "proxy";

    /// <summary>The value of <see cref="Kind"/> for the container that publishes a port which was not named when its sandbox was made.</summary>
    public const string ForwarderKind = "forwarder";

    /// <summary>The port that a forwarder and its network are for.</summary>
    public const string Port = "flourisha.port";

    /// <summary>The value of <see cref="Kind"/> for an image of a sandbox's files that was given a name.</summary>
    public const string CheckpointKind = "checkpoint";

    /// <summary>The value of <see cref="Kind"/> for an image of a sandbox's files that lives as long as the copies of that sandbox.</summary>
    public const string ForkKind = "fork";

    /// <summary>
    /// The value of a label that is not there. An image of a container inherits all its labels, and hands them on: they can be overwritten, and
    /// not be taken away.
    /// </summary>
    public const string Gone = "flourisha:none";

    /// <summary>The process that made something; see <see cref="Sessions.ProcessIdentity"/>.</summary>
    public const string Process = "flourisha.process";

    /// <summary>The session of the process that made something.</summary>
    public const string Session = "flourisha.session";

    /// <summary>The version of a sandbox's agent; missing where it has none.</summary>
    public const string Agent = "flourisha.agent";

    /// <summary>The template's name.</summary>
    public const string Template = "flourisha.template";

    /// <summary>Different for each creation, so that a creation that fails finds what it made itself, and nothing else.</summary>
    public const string Creation = "flourisha.creation";

    private const string Isolation = "flourisha.isolation";
    private const string Network = "flourisha.network";
    private const string AllowHosts = "flourisha.allow-hosts";
    private const string DenyHosts = "flourisha.deny-hosts";
    private const string Routing = "flourisha.routing";
    private const string NamedPorts = "flourisha.named-ports";
    private const string TraefikDomain = "flourisha.traefik";
    private const string TraefikContainer = "flourisha.traefik.container";
    private const string Private = "flourisha.private";
    private const string OnTimeout = "flourisha.on-timeout";
    private const string DiskLimit = "flourisha.limit.disk";
    private const string OutputLimit = "flourisha.limit.output";

    /// <summary>The name that the container was made with. For people who look with other tools, and for pools: the engine's own name is what counts.</summary>
    public const string Name = "flourisha.name";

    /// <summary>Whose it is.</summary>
    public const string Owner = "flourisha.owner";

    /// <summary>When the sandbox was made.</summary>
    public const string Created = "flourisha.created";

    /// <summary>When the sandbox ends, as it was made.</summary>
    public const string Deadline = "flourisha.deadline";

    private const string Variables = "flourisha.variables";
    private const string MetadataPrefix = "flourisha.metadata.";

    /// <summary>The labels of a sandbox to be made.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">This creation's own mark.</param>
    /// <param name="agentVersion">The version of its agent; null where it gets none.</param>
    public static Dictionary<string, string> Write(SandboxSpecification specification, string creation, string? agentVersion)
    {
        var labels = new Dictionary<string, string>
        {
            [Kind] = specification.Pool is null ? SandboxKind : PoolKind,
            [Creation] = creation,
            [Name] = specification.Name,
            [Owner] = specification.Owner,
            [Created] = Write(specification.CreatedAt),
            [Isolation] = Write(specification.Isolation),
            [Network] = Write(specification.Network),
            [OnTimeout] = Write(specification.OnTimeout),
        };
        if (specification.Maker is { } maker)
            (labels[Session], labels[Process]) = (maker.Session, maker.Process);

        // Their names, which are no secret, and not their values. No name has an equals sign.
        if (specification.GivenVariables.Count > 0)
            labels[Variables] = string.Join('=', specification.GivenVariables);

        if (agentVersion is not null)
            labels[Agent] = agentVersion;

        if (specification.Template is not null)
            labels[Template] = specification.Template;

        if (specification is { Pool: { } pool, PoolKey: { } poolKey })
            (labels[Pool], labels[PoolKey]) = (pool, poolKey);

        if (specification.Deadline is { } deadline)
            labels[Deadline] = Write(deadline);

        // What an image of somebody else's says of these is never read.
        labels[Routing] = Write(specification.Routing);
        if (specification.Routing != HostRouting.Port)
            labels[NamedPorts] = string.Join(',', specification.Ports);

        if (specification.Traefik is { } traefik)
            (labels[TraefikDomain], labels[TraefikContainer]) = (traefik.Base.ToString(), traefik.Settings.Container ?? "");

        if (specification.Private)
            labels[Private] = bool.TrueString.ToLowerInvariant();

        if (specification.AllowHosts.Count > 0)
            labels[AllowHosts] = string.Join(',', specification.AllowHosts);

        if (specification.DenyHosts.Count > 0)
            labels[DenyHosts] = string.Join(',', specification.DenyHosts);

        if (specification.Limits.Disk is { } disk)
            labels[DiskLimit] = disk.ToString(CultureInfo.InvariantCulture);

        if (specification.Limits.Output is { } output)
            labels[OutputLimit] = output.ToString(CultureInfo.InvariantCulture);

        foreach (var (key, value) in specification.Metadata)
            labels[MetadataPrefix + key] = value;

        return labels;
    }

    /// <summary>The labels of what is made along with a sandbox and goes with it.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">Its creation's mark.</param>
    /// <param name="kind">What it is.</param>
    public static Dictionary<string, string> WriteCompanion(SandboxSpecification specification, string creation, string kind)
    {
        // Notes and lists are the sandbox's; who made it and when is what a sweep has to know.
        var labels = Write(specification with { Metadata = new Dictionary<string, string>(), AllowHosts = [], DenyHosts = [] }, creation, agentVersion: null);
        labels[Kind] = kind;
        return labels;
    }

    /// <summary>The labels of what publishes a port of a sandbox that is there, and goes with it.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="publication">The port, and who publishes it.</param>
    /// <param name="kind">What it is.</param>
    public static Dictionary<string, string> WriteForwarder(Sandbox sandbox, PortPublication publication, string kind)
    {
        var labels = new Dictionary<string, string>
        {
            [Kind] = kind,
            [Creation] = sandbox.Creation ?? "",
            [Name] = sandbox.Name,
            [Owner] = sandbox.Owner,
            [Created] = Write(DateTimeOffset.UtcNow),
            [Port] = publication.Port.ToString(CultureInfo.InvariantCulture),
        };
        if (publication.Maker is { } maker)
            (labels[Session], labels[Process]) = (maker.Session, maker.Process);

        return labels;
    }

    /// <summary>The name that the sandbox was made with; empty where the labels hold none.</summary>
    public static string ReadName(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(Name, "");

    /// <summary>Those that mean something: without what an image handed on of the sandbox that it is of.</summary>
    public static IReadOnlyDictionary<string, string> Read(IReadOnlyDictionary<string, string> labels) =>
        labels.Any(label => label.Value == Gone) ? labels.Where(label => label.Value != Gone).ToDictionary() : labels;

    /// <summary>The names of the variables that its maker gave the sandbox.</summary>
    public static IReadOnlyList<string> ReadVariables(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault(Variables, "").Split('=', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Who made it; null where the labels do not say.</summary>
    public static SandboxMaker? ReadMaker(IReadOnlyDictionary<string, string> labels) =>
        labels.GetValueOrDefault(Session) is { Length: > 0 } session && labels.GetValueOrDefault(Process) is { Length: > 0 } process ? new SandboxMaker(session, process) : null;

    /// <summary>The owner; empty where the labels hold none.</summary>
    public static string ReadOwner(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(Owner, "");

    /// <summary>When the sandbox was made; null where the labels hold no time.</summary>
    public static DateTimeOffset? ReadCreated(IReadOnlyDictionary<string, string> labels) => ReadTime(labels, Created);

    /// <summary>When the sandbox ends; null where it has no deadline.</summary>
    public static DateTimeOffset? ReadDeadline(IReadOnlyDictionary<string, string> labels) => ReadTime(labels, Deadline);

    /// <summary>The maker's notes.</summary>
    public static Dictionary<string, string> ReadMetadata(IReadOnlyDictionary<string, string> labels) =>
        labels.Where(label => label.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal)).ToDictionary(label => label.Key[MetadataPrefix.Length..], label => label.Value);

    /// <summary>How hard the sandbox is closed.</summary>
    public static IsolationLevel ReadIsolation(IReadOnlyDictionary<string, string> labels) => ReadChoice<IsolationLevel>(labels, Isolation);

    /// <summary>By which way the sandbox's ports are reached.</summary>
    public static HostRouting ReadRouting(IReadOnlyDictionary<string, string> labels) => ReadChoice<HostRouting>(labels, Routing);

    /// <summary>The ports that were named when the sandbox was made, where none are published.</summary>
    public static IEnumerable<int> ReadNamedPorts(IReadOnlyDictionary<string, string> labels) =>
        ReadRouting(labels) == HostRouting.Port ? [] : ReadList(labels, NamedPorts).Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : 0).Where(port => port is > 0 and <= 65535);

    /// <summary>The URL of the domain below which Traefik leads to the sandbox; null where it does not.</summary>
    public static Uri? ReadTraefik(IReadOnlyDictionary<string, string> labels) =>
        ReadRouting(labels) == HostRouting.Traefik && Uri.TryCreate(labels.GetValueOrDefault(TraefikDomain), UriKind.Absolute, out var domain) ? domain : null;

    /// <summary>Traefik's container, as it was named then; null where it is looked for.</summary>
    public static string? ReadTraefikContainer(IReadOnlyDictionary<string, string> labels) => labels.GetValueOrDefault(TraefikContainer) is { Length: > 0 } container ? container : null;

    /// <summary>Whether the gateway lets only those to its ports who have their token.</summary>
    public static bool ReadPrivate(IReadOnlyDictionary<string, string> labels) => labels.ContainsKey(Private);

    /// <summary>What the sandbox can reach.</summary>
    public static NetworkPolicy ReadNetwork(IReadOnlyDictionary<string, string> labels) => ReadChoice<NetworkPolicy>(labels, Network);

    /// <summary>What becomes of the sandbox at its deadline.</summary>
    public static TimeoutAction ReadOnTimeout(IReadOnlyDictionary<string, string> labels) => ReadChoice<TimeoutAction>(labels, OnTimeout);

    /// <summary>The hosts that the sandbox may reach, and no others.</summary>
    public static IReadOnlyList<string> ReadAllowHosts(IReadOnlyDictionary<string, string> labels) => ReadList(labels, AllowHosts);

    /// <summary>The hosts that the sandbox may not reach.</summary>
    public static IReadOnlyList<string> ReadDenyHosts(IReadOnlyDictionary<string, string> labels) => ReadList(labels, DenyHosts);

    /// <summary>What the sandbox may write to its disk, in bytes; null for no limit.</summary>
    public static long? ReadDiskLimit(IReadOnlyDictionary<string, string> labels) => ReadNumber(labels, DiskLimit);

    /// <summary>What each command may write to its output, in bytes; null for no limit.</summary>
    public static long? ReadOutputLimit(IReadOnlyDictionary<string, string> labels) => ReadNumber(labels, OutputLimit);

    // Lower case, as all that is written for people who look with other tools.
    private static string Write<T>(T choice)
        where T : struct, Enum => choice.ToString().ToLowerInvariant();

    private static T ReadChoice<T>(IReadOnlyDictionary<string, string> labels, string key)
        where T : struct, Enum => labels.TryGetValue(key, out var text) && Enum.TryParse<T>(text, ignoreCase: true, out var choice) ? choice : default;

    private static string[] ReadList(IReadOnlyDictionary<string, string> labels, string key) =>
        labels.GetValueOrDefault(key, "").Split(',', StringSplitOptions.RemoveEmptyEntries);

    private static long? ReadNumber(IReadOnlyDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A time, as labels bear it.</summary>
    public static string Write(DateTimeOffset time) => time.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture);

    private static DateTimeOffset? ReadTime(IReadOnlyDictionary<string, string> labels, string key) =>
        labels.TryGetValue(key, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time) ? time : null;
}
