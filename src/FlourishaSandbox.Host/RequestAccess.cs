using FlourishaSandbox.Envd;
using FlourishaSandbox.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace FlourishaSandbox.Host;

/// <summary>
/// Decides who is let in, by what a request shows: a token in a header, a cookie, or a link. A sandbox that is not there takes the same way
/// through all of it as one that is private, down to the signatures that are computed.
/// </summary>
/// <param name="access">Knows tokens and links.</param>
/// <param name="isExposed">Whether others than this machine's users reach the gateway.</param>
internal sealed class RequestAccess(PortAccess access, bool isExposed)
{
    // For what is not there, so that the same is computed. No engine gives an id like this.
    private const string Nobody = "0000000000000000000000000000000000000000000000000000000000000000";

    /// <summary>Decides.</summary>
    /// <param name="request">The request.</param>
    /// <param name="entry">The sandbox that it is for; null where there is none.</param>
    /// <param name="port">The port that it is for.</param>
    /// <param name="authority">The host name that it was sent to.</param>
    /// <returns>The verdict; for one that shows a link, until when that is good.</returns>
    public (Verdict Verdict, DateTimeOffset? Expiry) Judge(HttpRequest request, SandboxEntry? entry, int port, string authority)
    {
        var isThere = entry is not null && port != EnvdProtocol.Port;
        var link = RequestSecrets.FindLink(request.QueryString.Value);
        if (isThere && !PortAccess.IsPrivate(entry!.Sandbox, port, isExposed))
            return (link is not null && CanBeAskedAgain(request) ? Verdict.Exchanged : Verdict.Granted, null);

        var id = isThere ? entry!.Sandbox.Id : Nobody;
        var now = DateTimeOffset.UtcNow;
        var (isShown, isRight) = (false, false);
        foreach (var token in Tokens(request))
            (isShown, isRight) = (true, isRight | access.IsToken(id, port, token));

        foreach (var cookie in RequestSecrets.FindCookies(request.Headers.Cookie))
            (isShown, isRight) = (true, isRight | (access.ReadLink(id, port, cookie, now) is not null && IsOfTheSameSite(request, authority)));

        var expiry = link is null ? null : access.ReadLink(id, port, link, now);
        if (isThere && expiry is not null)
            return (CanBeAskedAgain(request) ? Verdict.Exchanged : Verdict.Granted, expiry);

        return (isThere && isRight ? Verdict.Granted : isShown || link is not null ? Verdict.Refused : Verdict.Unknown, null);
    }

    private static IEnumerable<string> Tokens(HttpRequest request)
    {
        foreach (var header in (string[])[PortAccess.TokenHeader, PortAccess.TrafficTokenHeader])
        {
            foreach (var value in request.Headers[header])
            {
                if (!string.IsNullOrEmpty(value))
                    yield return value;
            }
        }
    }

    // What is no mere question would lose its content on the way round, and sockets go nowhere else.
    private static bool CanBeAskedAgain(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method)) && !request.Headers.ContainsKey(HeaderNames.Upgrade);

    // Browsers send cookies along with what other pages ask for, and the page of another sandbox may be what is to be kept out. A person who
    // follows a link from elsewhere is welcome.
    private static bool IsOfTheSameSite(HttpRequest request, string authority)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0 && !RequestOrigin.IsOf(origin, authority))
            return false;

        return request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none"
            || (request.Headers["Sec-Fetch-Mode"] == "navigate" && CanBeAskedAgain(request));
    }
}
