using Microsoft.Extensions.Primitives;

namespace FlourishaSandbox.Host;

/// <summary>Keeps what a sandbox sets in a browser to the sandbox's own name: with a Domain a cookie would be sent to its neighbours.</summary>
internal static class CookieRewriting
{
    /// <summary>Rewrites Set-Cookie headers.</summary>
    /// <param name="cookies">As the application sent them.</param>
    /// <returns>Without Domain, and without those that bear the names of the gateway's own.</returns>
    public static StringValues Rewrite(StringValues cookies) => new([.. cookies.Where(cookie => cookie is not null && !RequestSecrets.IsOurs(cookie)).Select(cookie => WithoutDomain(cookie!))]);

    private static string WithoutDomain(string cookie) =>
        cookie.Contains("domain", StringComparison.OrdinalIgnoreCase)
            ? string.Join(';', cookie.Split(';').Where((part, i) => i == 0 || !IsDomain(part)))
            : cookie;

    private static bool IsDomain(string attribute) =>
        attribute.Split('=', 2)[0].Trim().Equals("domain", StringComparison.OrdinalIgnoreCase);
}
