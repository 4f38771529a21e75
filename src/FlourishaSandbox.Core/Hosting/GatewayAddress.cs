using System.Globalization;
using System.Net;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>The names that sandboxes' ports have at the gateway: <c>8000-0123456789ab.localhost:8080</c>.</summary>
public static class GatewayAddress
{
    /// <summary>The domain that leads to this machine everywhere, without anybody's help.</summary>
    public const string LocalDomain = "localhost";

    /// <summary>The URL of a port, by the settings.</summary>
    /// <param name="settings">Where the gateway is reached.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <returns>The URL, without a path.</returns>
    public static Uri UrlFor(SandboxSettings settings, Sandbox sandbox, int port)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(sandbox);
        var scheme = settings.Gateway.Certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        var site = settings.Gateway.Url ?? new UriBuilder(scheme, settings.Domain ?? LocalDomain, settings.Gateway.Port).Uri;
        return new UriBuilder(site) { Host = string.Create(CultureInfo.InvariantCulture, $"{port}-{sandbox.ShortId}.{site.IdnHost}") }.Uri;
    }

    /// <summary>Whether others than this machine's users reach the gateway: it listens for them, or has names that lead others to it.</summary>
    /// <param name="settings">Where the gateway is reached.</param>
    /// <returns>True where they do.</returns>
    public static bool IsExposed(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return IsExposed(IPAddress.Parse(settings.Gateway.Address), settings.Domain, settings.Gateway.Url);
    }

    internal static bool IsExposed(IPAddress address, string? domain, Uri? url) =>
        !IPAddress.IsLoopback(address) || !IsLocal(domain ?? LocalDomain) || !IsLocal(url?.IdnHost ?? LocalDomain);

    private static bool IsLocal(string name) =>
        name.Equals(LocalDomain, StringComparison.OrdinalIgnoreCase) || name.EndsWith('.' + LocalDomain, StringComparison.OrdinalIgnoreCase);
}
