using FlourishaSandbox.Isolation;

namespace FlourishaSandbox.Sandboxes;

/// <summary>The variables by which programs are told of a proxy, in both cases, because curl reads the one and Java the other.</summary>
internal static class ProxyEnvironment
{
    private const string NotProxied = "localhost,127.0.0.1,::1";

    /// <summary>The variables for a proxy.</summary>
    /// <param name="proxy">Its URL; null for none, and then there are no variables.</param>
    public static Dictionary<string, string> For(string? proxy) => proxy is null ? [] : new Dictionary<string, string>
    {
        ["HTTP_PROXY"] = proxy,
        ["HTTPS_PROXY"] = proxy,
        ["NO_PROXY"] = NotProxied,
        ["http_proxy"] = proxy,
        ["https_proxy"] = proxy,
        ["no_proxy"] = NotProxied,
    };

    /// <summary>The variables of a sandbox. One without an exit has none, and one with lists of hosts has a proxy of its own.</summary>
    /// <param name="proxy">The proxy's URL; null for none.</param>
    /// <param name="options">What was asked for.</param>
    /// <param name="profile">How hard it is closed.</param>
    public static Dictionary<string, string> For(string? proxy, SandboxOptions options, IsolationProfile profile)
    {
        var hasExit = (options.Network ?? profile.Network) is not (NetworkPolicy.None or NetworkPolicy.Internal);
        return For(hasExit && options.AllowHosts.Count == 0 && options.DenyHosts.Count == 0 ? proxy : null);
    }
}
