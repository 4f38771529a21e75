using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace FlourishaSandbox.Host;

/// <summary>A request's origin as its user has it: from which address it came, and which scheme and host it was sent to.</summary>
/// <param name="Scheme">http or https.</param>
/// <param name="Authority">The host, with its port where it has one.</param>
/// <param name="ClientChain">What X-Forwarded-For is to say.</param>
internal sealed record OutsideAddress(string Scheme, string Authority, string ClientChain)
{
    /// <summary>Reads it. What a request says of itself counts where a trusted proxy sent it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="proxies">Whom to trust.</param>
    public static OutsideAddress Of(HttpContext context, IReadOnlyList<IPNetwork> proxies)
    {
        var request = context.Request;
        var peer = context.Features.Get<IHttpConnectionFeature>()?.RemoteIpAddress ?? IPAddress.None;
        if (peer.IsIPv4MappedToIPv6)
            peer = peer.MapToIPv4();

        var (scheme, host, chain) = (request.Scheme, request.Headers.Host.ToString(), peer.ToString());
        if (proxies.Count == 0 || !proxies.Any(proxy => proxy.Contains(peer)))
            return new OutsideAddress(scheme, host, chain);

        var told = request.Headers["X-Forwarded-For"].ToString();
        return new OutsideAddress(request.Headers["X-Forwarded-Proto"].ToString() is "http" or "https" ? request.Headers["X-Forwarded-Proto"].ToString() : scheme, host, told.Length > 0 ? $"{told}, {chain}" : chain);
    }
}
