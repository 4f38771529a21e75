using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>What opens private ports to a browser: the cookie that the gateway gives for a link, so that no token is in a URL, or sent to others.</summary>
internal static class AccessCookies
{
    private static readonly TimeSpan s_lifetime = TimeSpan.FromHours(24);

    /// <summary>Cookies for a sandbox's ports behind the gateway.</summary>
    /// <param name="app">The sandbox.</param>
    /// <param name="address">The URL of one of its ports.</param>
    public static IReadOnlyList<Cookie> For(Sandbox app, Uri address)
    {
        var host = address.Host;
        var rest = host.IndexOf('-', StringComparison.Ordinal);
        if (rest <= 0 || !int.TryParse(host.AsSpan(0, rest), NumberStyles.None, CultureInfo.InvariantCulture, out var own))
            return [];

        var access = new PortAccess();
        var expiry = DateTimeOffset.UtcNow + s_lifetime;
        var isSecure = address.Scheme == Uri.UriSchemeHttps;
        return
        [
            .. app.Ports.Select(port => port.Port).Append(own).Distinct().Select(port => new Cookie
            {
                Name = isSecure ? PortAccess.SecureCookieName : PortAccess.CookieName,
                Value = access.LinkFor(app, port, expiry),
                Url = new UriBuilder(address) { Host = string.Create(CultureInfo.InvariantCulture, $"{port}{host[rest..]}"), Path = "/" }.Uri.ToString(),
                HttpOnly = true,
                Secure = isSecure,
                SameSite = SameSiteAttribute.Lax,
                Expires = expiry.ToUnixTimeSeconds(),
            }),
        ];
    }

    /// <summary>A cookie as the browser's protocol has it.</summary>
    public static JsonElement ToProtocol(Cookie cookie) => JsonSerializer.SerializeToElement(
        new JsonObject
        {
            ["name"] = cookie.Name,
            ["value"] = cookie.Value,
            ["url"] = cookie.Url,
            ["path"] = "/",
            ["httpOnly"] = cookie.HttpOnly,
            ["secure"] = cookie.Secure,
            ["sameSite"] = "Lax",
            ["expires"] = cookie.Expires,
        },
        CookieJson.Default.JsonObject);
}
