using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Networks;

/// <summary>Which network a sandbox gets, and what is refused before anything is made.</summary>
internal static class NetworkRules
{
    // They go to the proxy as one text, which the kernel bounds.
    private const int MostHosts = 500;

    /// <summary>The policy that holds for options: an egress list takes a network of its own, on which there is nothing but the proxy.</summary>
    public static NetworkPolicy PolicyFor(SandboxOptions options) => options switch
    {
        { HasEgressList: true } => NetworkPolicy.Dedicated,
        { Network: { } named } => named,
        _ => IsolationProfile.For(options.Isolation).Network,
    };

    /// <summary>Checks what options say about the network.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static void Validate(SandboxOptions options)
    {
        _ = Patterns(options);
        if (options.HasEgressList && options.Network is NetworkPolicy.None or NetworkPolicy.Internal)
            throw InvalidOption.Create("Network", options.Network, "leaves no way out that a list of hosts could open", "Leave it out beside -AllowHost and -DenyHost.");

        if (options.Ports.Count > 0 && PolicyFor(options) == NetworkPolicy.None)
            throw InvalidOption.Create("Port", options.Ports[0], options.Network is null ? "cannot be reached: a strict sandbox has no network unless one is named" : "cannot be reached in a sandbox without a network", "Give -Network Internal beside it: no way out, but a way in from the engine's machine.");
    }

    /// <summary>The lists of hosts, as they are meant.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static (IReadOnlyList<HostPattern> Allowed, IReadOnlyList<HostPattern> Denied) Patterns(SandboxOptions options)
    {
        if (options.AllowHosts.Count + options.DenyHosts.Count > MostHosts)
            throw InvalidOption.Create("AllowHost", options.AllowHosts.Count + options.DenyHosts.Count, "hosts, with those of -DenyHost, are more than a list may hold", $"Give at most {MostHosts}, for example *.example.com for all below example.com.");

        return (
            [.. options.AllowHosts.Select(host => HostPattern.Parse("AllowHost", host)).Distinct()],
            [.. options.DenyHosts.Select(host => HostPattern.Parse("DenyHost", host)).Distinct()]);
    }
}
