using System.Net.Sockets;

namespace FlourishaSandbox.Transport;

/// <summary>A Unix or TCP socket.</summary>
internal sealed class SocketTransport : TransportStream
{
    private readonly Socket _socket;

    private SocketTransport(Socket socket) => _socket = socket;

    /// <summary>Connects to a Unix socket.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<SocketTransport> ConnectUnixAsync(string path, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new SocketTransport(socket);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressNotAvailable)
        {
            // What .NET makes of "no such file": "Cannot assign requested address", which helps nobody.
            socket.Dispose();
            throw new IOException("there is no such socket", exception);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects over TCP.</summary>
    /// <param name="host">A name or an address.</param>
    /// <param name="port">The port.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<SocketTransport> ConnectTcpAsync(string host, int port, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            return new SocketTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await _socket.ReceiveAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset && _socket.AddressFamily == AddressFamily.Unix)
        {
            // A Unix socket says this, after all that was sent has been read, where the other end left some of our data unread: a command
            // that ends without reading its input. Nothing is lost, so it is an end like any other. Over TCP something may be lost.
            return 0;
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            while (buffer.Length > 0)
                buffer = buffer[await _socket.SendAsync(buffer, SocketFlags.None, cancellationToken).ConfigureAwait(false)..];
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
            return ValueTask.CompletedTask;
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _socket.Dispose();
        base.Dispose(disposing);
    }
}
