using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Hosting;

/// <summary>Connects to where the URLs of sandboxes lead.</summary>
internal static class HostConnection
{
    private const string BelowLocalhost = ".localhost";

    /// <summary>Connects. Everything below localhost is this machine, whether or not its resolver knows that.</summary>
    /// <param name="endPoint">The host and port of the URL.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="SocketException">Nothing answers there, or the name has no address.</exception>
    public static async ValueTask<Stream> OpenAsync(DnsEndPoint endPoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (endPoint.Host.EndsWith(BelowLocalhost, StringComparison.OrdinalIgnoreCase))
                await socket.ConnectAsync(IPAddress.Loopback, endPoint.Port, cancellationToken).ConfigureAwait(false);
            else
                await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);

            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
