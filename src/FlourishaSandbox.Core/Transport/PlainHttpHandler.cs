using System.Net;

namespace FlourishaSandbox.Transport;

/// <summary>HTTP as it is sent, over connections that somebody else opens: no proxy, no cookie, no redirect, nothing unpacked or added.</summary>
internal static class PlainHttpHandler
{
    /// <summary>Creates a handler. Nothing is connected yet.</summary>
    /// <param name="connect">Opens a connection. It has a limit of its own, with a message that says where it waited.</param>
    public static SocketsHttpHandler Create(Func<CancellationToken, Task<TransportStream>> connect) => new()
    {
        ConnectCallback = async (_, token) => await connect(token).ConfigureAwait(false),
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        // An abandoned stream has no end to wait for.
        ResponseDrainTimeout = TimeSpan.Zero,
    };
}
