using System.Net;
using System.Text.Json.Nodes;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>What single settings must be, and what variables mean that others named. All throw <see cref="SandboxException"/>.</summary>
internal static class ConfigurationRules
{
    /// <summary>The variable that turns the audit off, or says where it is written.</summary>
    public const string AuditVariable = "FLOURISHA_AUDIT";

    /// <summary>In systems that choose among engines, the one; here also the OCI runtime.</summary>
    public const string SeedRuntime = "CONTAINER_RUNTIME";

    private static readonly string[] s_engines = ["azure", "containerd", "kubernetes", "lxc", "nerdctl", "podman"];
    private static readonly string[] s_switches = ["true", "yes", "on", "1", "false", "no", "off", "0"];

    public static string Template(string name) =>
        name is not ("." or "..") && name.AsSpan().IndexOfAny('/', '\\', '\0') < 0
            ? name
            : throw InvalidOption.Create("Template", name, "is no name of a template", "Give the name alone; folders with templates are in the setting 'templates'.");

    public static string HostName(string name) =>
        Uri.CheckHostName(name) != UriHostNameType.Unknown
            ? name
            : throw InvalidOption.Create("Host", name, "is no host name", "Give a name or an address alone, without scheme and port.");

    public static string PublishAddress(string address) =>
        IPAddress.TryParse(address, out _)
            ? address
            : throw InvalidOption.Create("Address", address, "is no IP address", "Give an address of the engine's machine, for example 127.0.0.1, or 0.0.0.0 for all.");

    public static string GatewayAddress(string address) =>
        IPAddress.TryParse(address, out _)
            ? address
            : throw InvalidOption.Create("Address", address, "is no IP address", "Give an address of this machine, for example 127.0.0.1, or 0.0.0.0 for all.");

    public static int GatewayPort(int port) =>
        port is >= 1 and <= 65535
            ? port
            : throw InvalidOption.Create("Port", port, "is no TCP port", "Give a number from 1 to 65535.");

    public static Uri GatewayUrl(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.HostNameType == UriHostNameType.Dns && uri.PathAndQuery is "/" && uri.UserInfo.Length == 0
            ? uri
            : throw InvalidOption.Create("Url", url, "is no address of a gateway", "Write http:// or https:// and the domain below which sandboxes have their names, for example https://sandboxes.example.com.");

    public static string TrustedProxy(string network) =>
        IPNetwork.TryParse(network, out _) || IPAddress.TryParse(network, out _)
            ? network
            : throw InvalidOption.Create("TrustedProxy", network, "is no IP address and no network", "Write for example 127.0.0.1 or 10.0.0.0/8.");

    public static int TraefikPort(int port)
    {
        TraefikRoute.CheckPort(port);
        return port;
    }

    public static string TraefikName(string option, string name)
    {
        TraefikRoute.CheckName(option, name);
        return name;
    }

    public static string Domain(string name) =>
        Uri.CheckHostName(name) == UriHostNameType.Dns && !name.StartsWith('.')
            ? name
            : throw InvalidOption.Create("Domain", name, "is no domain", "Give its name alone, for example sandboxes.example.com.");

    // Every process in a sandbox can read it, and so can whoever may ask the engine.
    public static string Proxy(string url)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Host.Length == 0 || uri.PathAndQuery is not ("/" or ""))
            throw InvalidOption.Create("Proxy", uri is null or { UserInfo: "" } ? url : "…", "is no address of a proxy", "Write http:// or https://, a host and a port, for example http://proxy.example.com:3128.");

        return uri.UserInfo.Length == 0
            ? url
            : throw InvalidOption.Create("Proxy", $"{uri.Scheme}://…@{uri.Authority}", "holds a password, which every sandbox could read", "Name a proxy that asks for none; one on the engine's machine can log in to the other.");
    }

    public static string SubnetRange(string range)
    {
        _ = Networks.SubnetRange.Parse("Range", range);
        return range;
    }

    // Each by itself: what other settings make of a pool is for those who keep it, and no reason for all else to fail.
    public static IReadOnlyList<JsonObject> Pools(IReadOnlyList<JsonObject> pools)
    {
        var twice = pools.GroupBy(pool => PoolNodes.Read(pool, SandboxOptions.Product).Name).FirstOrDefault(group => group.Count() > 1);
        return twice is null ? pools : throw InvalidOption.Create("The pool", twice.Key, "is there twice", "Write one of the two.");
    }

    /// <summary>An engine's name is no OCI runtime's, and of the engines there is one.</summary>
    public static string? TranslateRuntime(string variable, string text)
    {
        if (variable != SeedRuntime)
            return text;

        if (s_engines.Contains(text, StringComparer.OrdinalIgnoreCase))
            throw InvalidOption.Create(SeedRuntime, text, "is an engine that this product does not know", "Write docker or an OCI runtime such as runsc. Podman serves Docker's API too: let DOCKER_HOST name its socket.");

        return text.Equals("docker", StringComparison.OrdinalIgnoreCase) ? null : text;
    }

    public static string? TranslateAuditSwitch(string variable, string text) => s_switches.Contains(text, StringComparer.OrdinalIgnoreCase) ? text : null;

    public static string? TranslateAuditPath(string variable, string text) => s_switches.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : text;
}
