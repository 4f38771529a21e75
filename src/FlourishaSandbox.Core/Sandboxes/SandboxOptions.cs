using System.Globalization;
using System.Text.RegularExpressions;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Networks;

namespace FlourishaSandbox.Sandboxes;

/// <summary>What a person asks for when making a sandbox. What is left out is the template's, and else the default.</summary>
public sealed partial record SandboxOptions
{
    /// <summary>How long a sandbox lives for which no timeout is named: 1 hour.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromHours(1);

    /// <summary>The options of a sandbox for which nothing is named or configured.</summary>
    public static SandboxOptions Product { get; } = new();

    /// <summary>The template of a sandbox for which neither template nor image is named.</summary>
    public const string DefaultTemplate = "fullstack";

    /// <summary>The template's name; null for the default one, or where <see cref="Image"/> is given.</summary>
    public string? Template { get; init; }

    /// <summary>An image, instead of a template.</summary>
    public string? Image { get; init; }

    /// <summary>A checkpoint, instead of a template: the name that Checkpoint-Sandbox gave it.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>The name; null to have one made.</summary>
    public string? Name { get; init; }

    /// <summary>What the sandbox may use.</summary>
    public ResourceLimits Limits { get; init; } = ResourceLimits.Default;

    /// <summary>Environment variables of all its processes.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Notes that stay with the sandbox and that it can be found by. Not for secrets: whoever may ask the engine may read them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>TCP ports to publish beside those of the template, 1 to 65535.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>By which way its ports are reached. Default <see cref="HostRouting.Port"/>.</summary>
    public HostRouting Routing { get; init; }

    /// <summary>Whether the gateway lets only those to its ports who have their token.</summary>
    public bool Private { get; init; }

    /// <summary>How long it lives; at least 1 second; <see cref="System.Threading.Timeout.InfiniteTimeSpan"/> for no end. Default <see cref="DefaultTimeout"/>.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>What becomes of it at its deadline. Default <see cref="TimeoutAction.Stop"/>.</summary>
    public TimeoutAction OnTimeout { get; init; }

    /// <summary>How hard it is closed. Default <see cref="IsolationLevel.Standard"/>.</summary>
    public IsolationLevel Isolation { get; init; }

    /// <summary>What it can reach; null for what its isolation says: <see cref="NetworkPolicy.None"/> for <see cref="IsolationLevel.Strict"/>, else <see cref="NetworkPolicy.Isolated"/>.</summary>
    public NetworkPolicy? Network { get; init; }

    /// <summary>Hosts that it may reach by HTTP and HTTPS, and no others: <c>example.com</c>, or <c>*.example.com</c> for all below. Empty for all.</summary>
    public IReadOnlyList<string> AllowHosts { get; init; } = [];

    /// <summary>Hosts that it may not reach, in the same form.</summary>
    public IReadOnlyList<string> DenyHosts { get; init; } = [];

    /// <summary>Whether hosts are named that may or may not be reached. Such a sandbox has a network of its own, with a proxy as the only way out.</summary>
    public bool HasEgressList => AllowHosts.Count + DenyHosts.Count > 0;

    /// <summary>The OCI runtime, such as <c>runsc</c>; null for the engine's own choice.</summary>
    public string? Runtime { get; init; }

    /// <summary>The folder in which commands start, absolute; null for the template's.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>The user whom commands run as, a name or uid[:gid]; null for the template's.</summary>
    public string? User { get; init; }

    /// <summary>Whether it is to be made anew even where one waits in a pool.</summary>
    public bool NoPool { get; init; }

    /// <summary>Storage from outside.</summary>
    public IReadOnlyList<SandboxVolume> Volumes { get; init; } = [];

    /// <summary>Checks everything that can be checked without an engine, before anything is made.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a value cannot be used; the message names it and what would do.</exception>
    public void Validate()
    {
        if (Template is not null && Image is not null)
            throw InvalidOption.Create("Image", Image, $"was given beside the template '{Template}'", "Give one of the two.");

        if (Checkpoint is not null && (Template ?? Image) is { } other)
            throw InvalidOption.Create("Checkpoint", Checkpoint, $"was given beside '{other}'", "Give one of the two.");

        if (Image is not null && string.IsNullOrWhiteSpace(Image))
            throw InvalidOption.Create("Image", Image, "is no image", "Give a name as Docker writes it, for example debian:bookworm-slim, or leave it out for a template.");

        if (Name is not null)
            SandboxName.Validate(Name);

        Limits.Validate();
        ValidateTimeout(Timeout);
        IsolationRules.Validate(this);
        NetworkRules.Validate(this);

        foreach (var (key, value) in Environment)
        {
            if (key.Length == 0 || key.AsSpan().IndexOfAny('=', '\0') >= 0 || value is null || value.Contains('\0', StringComparison.Ordinal))
                throw InvalidOption.Create("Environment", key, "is no name for a variable, or has no value that one can hold", "Names are not empty and hold no '='; names and values hold no NUL; a value may be empty.");
        }

        foreach (var (key, value) in Metadata)
        {
            if (!MetadataKey().IsMatch(key) || value is null)
                throw InvalidOption.Create("Metadata", key, "is no key, or has no value", "Use letters, digits, '.', '_', '-' and '/', at most 128 characters; a value may be empty.");
        }

        foreach (var port in Ports)
        {
            if (port is < 1 or > 65535)
                throw InvalidOption.Create("Port", port, "is no TCP port", "Give a number from 1 to 65535.");
        }

        if (WorkingDirectory is not null && (!WorkingDirectory.StartsWith('/') || WorkingDirectory.Contains('\0', StringComparison.Ordinal)))
            throw InvalidOption.Create("WorkingDirectory", WorkingDirectory, "is not absolute", "Give a path in the sandbox that begins with '/', for example /workspace.");

        if (User is not null && !UserForm().IsMatch(User))
            throw InvalidOption.Create("User", User, "is no user", "Give a name or a number, with a group after ':' if you like, for example coder or 1000:1000.");

        var target = Volumes.GroupBy(volume => volume.Target.TrimEnd('/')).FirstOrDefault(group => group.Count() > 1);
        if (target is not null)
            throw InvalidOption.Create("Volume", target.Key, "is the target of two volumes", "Give each volume a target of its own.");
    }

    /// <summary>These options, made from something else where something is named.</summary>
    /// <param name="template">A template's name; null for none.</param>
    /// <param name="image">An image; null for none.</param>
    /// <param name="checkpoint">A checkpoint; null for none.</param>
    /// <returns>The options. Where several are named, <see cref="Validate"/> says so.</returns>
    public SandboxOptions MadeFrom(string? template, string? image, string? checkpoint) =>
        (template ?? image ?? checkpoint) is null ? this : this with { Template = template, Image = image, Checkpoint = checkpoint };

    /// <summary>
    /// These options, closed otherwise where something is named. Who names a level gets its network too, unless he names another; who names
    /// a network without an exit gets no lists of hosts with it that were not meant for it.
    /// </summary>
    /// <param name="isolation">How hard it is closed; null for what these options say.</param>
    /// <param name="network">What it can reach; null for what the level, or these options, say.</param>
    /// <param name="allowHosts">Hosts that it may reach; null for what these options say.</param>
    /// <param name="denyHosts">Hosts that it may not reach; null for what these options say.</param>
    /// <returns>The options.</returns>
    public SandboxOptions Closed(IsolationLevel? isolation, NetworkPolicy? network, IReadOnlyList<string>? allowHosts, IReadOnlyList<string>? denyHosts)
    {
        var level = isolation ?? Isolation;
        var policy = network ?? (isolation is null ? Network : null);
        var hasExit = (policy ?? IsolationProfile.For(level).Network) is not (NetworkPolicy.None or NetworkPolicy.Internal);
        if (network is null && !hasExit && (allowHosts ?? denyHosts) is { Count: > 0 })
            policy = null; // the lists are the way out

        var keepsLists = hasExit || (isolation is null && network is null);
        return this with
        {
            Isolation = level,
            Network = policy,
            AllowHosts = allowHosts ?? (keepsLists ? AllowHosts : []),
            DenyHosts = denyHosts ?? (keepsLists ? DenyHosts : []),
        };
    }

    /// <summary>The options of several sandboxes: with more than one, their names end in -1, -2 and so on. All are checked before any is made.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>The options of each.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: as for <see cref="Validate"/>; a name may become too long by its number.</exception>
    public IReadOnlyList<SandboxOptions> Repeat(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        SandboxOptions[] all = [.. Enumerable.Range(1, count).Select(number => count == 1 || Name is null ? this : this with { Name = string.Create(CultureInfo.InvariantCulture, $"{Name}-{number}") })];
        Array.ForEach(all, each => each.Validate());
        return all;
    }

    /// <summary>Checks a lifetime.</summary>
    /// <param name="timeout">At least 1 second, at most 10 years, or <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: it is out of range.</exception>
    public static void ValidateTimeout(TimeSpan timeout)
    {
        if (timeout != System.Threading.Timeout.InfiniteTimeSpan && (timeout < TimeSpan.FromSeconds(1) || timeout > TimeSpan.FromDays(3650)))
            throw InvalidOption.Create("Timeout", timeout, "is out of range", "Give at least one second, for example 00:30:00 for half an hour, or unlimited for no end.");
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9._/-]{1,128}\z")]
    private static partial Regex MetadataKey();

    [GeneratedRegex(@"\A[a-zA-Z0-9_][a-zA-Z0-9_.-]*(:[a-zA-Z0-9_][a-zA-Z0-9_.-]*)?\z")]
    private static partial Regex UserForm();
}
