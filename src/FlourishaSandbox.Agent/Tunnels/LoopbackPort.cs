using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Agent.Probes;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Tunnels;

/// <summary>Connects to what listens in the sandbox, as its own processes would.</summary>
internal static class LoopbackPort
{
    /// <summary>Connects to a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.NotFound"/>: nothing listens there.</exception>
    public static async Task<Socket> ConnectAsync(ushort port, CancellationToken cancellationToken)
    {
        // A server on "localhost" may have chosen either of the two; one on the sandbox's own address alone is rare, and found all the same.
        SocketException? refusal = null;
        foreach (var address in Candidates(port))
        {
            try
            {
                return await ConnectAsync(address, port, cancellationToken);
            }
            catch (SocketException exception)
            {
                refusal = exception;
            }
        }

        throw new ConnectException(ConnectCode.NotFound, $"nothing in the sandbox takes connections on port {port}", refusal);
    }

    private static IEnumerable<IPAddress> Candidates(ushort port)
    {
        yield return IPAddress.Loopback;
        if (Socket.OSSupportsIPv6)
            yield return IPAddress.IPv6Loopback;

        if (ListeningPorts.Find(port) is { } address && !IPAddress.IsLoopback(address) && !IPAddress.Any.Equals(address) && !IPAddress.IPv6Any.Equals(address))
            yield return address;
    }

    private static async Task<Socket> ConnectAsync(IPAddress address, ushort port, CancellationToken cancellationToken)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(new IPEndPoint(address, port), cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
