using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace FlourishaSandbox.Host;

/// <summary>
/// What a request has to look like to be passed on. The server has refused what breaks the rules; this refuses what the rules allow, but of
/// which a second server behind a first may think otherwise.
/// </summary>
internal static class RequestShape
{
    private const string WebSocket = "websocket";

    // The server takes the length out where there is a transfer coding too, and leaves it under this name.
    private const string OverruledLength = "X-Content-Length";

    /// <summary>What is wrong with a request; null for nothing.</summary>
    public static string? FindProblem(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.Host.Count != 1)
            return "It names no host, or several.";

        if (HttpMethods.IsConnect(context.Request.Method) && !IsSocketOverHttp2(context))
            return "It asks for a tunnel, and there is no proxy here.";

        if (headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey(OverruledLength)))
            return "It says twice, and differently, how long it is.";

        if (headers.TransferEncoding.Count > 0 && HttpProtocol.IsHttp10(context.Request.Protocol))
            return "It has a transfer coding, which its version of the protocol does not know.";

        if (headers.TransferEncoding.Count > 1 || (headers.TransferEncoding.Count == 1 && !headers.TransferEncoding.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase)))
            return "It has another transfer coding than 'chunked'.";

        return RequestTarget.PathOf(TargetOf(context)) is null ? "Its target is no path, or has characters that have to be escaped." : null;
    }

    /// <summary>The target as it was sent.</summary>
    public static string TargetOf(HttpContext context) => context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;

    /// <summary>Has only WebSockets take a connection over. What else a connection may be upgraded to would be past everything here.</summary>
    public static void KeepToWebSockets(HttpContext context)
    {
        var upgrade = context.Request.Headers.Upgrade;
        if (upgrade.Count > 0 && !upgrade.ToString().Equals(WebSocket, StringComparison.OrdinalIgnoreCase))
            context.Features.Set<IHttpUpgradeFeature>(null);
    }

    private static bool IsSocketOverHttp2(HttpContext context) => context.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true, Protocol: WebSocket };
}
