using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Tunnels;

/// <summary>
/// Ports that the agent listens on for its clients, on loopback. Each is there as long as somebody waits for its connections: when the last
/// has gone, processes of the sandbox are refused at once, and do not wait for nobody.
/// </summary>
internal sealed class AcceptingPorts
{
    // Between one connection and the next call for another.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly Dictionary<ushort, Listener> _listeners = [];

    /// <summary>Waits for a connection.</summary>
    /// <param name="port">To this port.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.AlreadyExists"/>: another process listens there.</exception>
    public async Task<Socket> AcceptAsync(ushort port, CancellationToken cancellationToken)
    {
        var listener = Enter(port);
        try
        {
            var socket = await listener.Socket.AcceptAsync(cancellationToken);
            socket.NoDelay = true;
            return socket;
        }
        finally
        {
            Leave(port, listener);
        }
    }

    private Listener Enter(ushort port)
    {
        lock (_gate)
        {
            if (!_listeners.TryGetValue(port, out var listener))
                _listeners.Add(port, listener = new Listener(Listen(port)));

            listener.Waiting++;
            listener.Turn++;
            return listener;
        }
    }

    private void Leave(ushort port, Listener listener)
    {
        lock (_gate)
        {
            if (--listener.Waiting == 0)
                _ = CloseLaterAsync(port, listener, listener.Turn);
        }
    }

    private async Task CloseLaterAsync(ushort port, Listener listener, long turn)
    {
        await Task.Delay(s_grace);
        lock (_gate)
        {
            // Somebody has come since, or somebody who came has gone since and sees to it himself.
            if (listener.Turn != turn)
                return;

            _listeners.Remove(port);
            listener.Socket.Dispose();
        }
    }

    private static Socket Listen(ushort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            socket.Listen();
            return socket;
        }
        catch (SocketException exception)
        {
            socket.Dispose();
            throw new ConnectException(ConnectCode.AlreadyExists, $"port {port} cannot be listened on in the sandbox", exception);
        }
    }

    /// <summary>A port that is listened on.</summary>
    /// <param name="socket">What listens.</param>
    private sealed class Listener(Socket socket)
    {
        /// <summary>What listens.</summary>
        public Socket Socket { get; } = socket;

        /// <summary>How many wait for a connection.</summary>
        public int Waiting { get; set; }

        /// <summary>How many have waited so far.</summary>
        public long Turn { get; set; }
    }
}
