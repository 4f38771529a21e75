using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Transport;

/// <summary>
/// A socket for much data: reading and writing block the calling thread until they are done. Between processes of one machine the
/// data is there so fast that the runtime's event loop and thread pool, with a round for every few dozen kilobytes, take more processor
/// time than moving it does (measured: five times as much), and take it from the engine. A cancelled operation closes its direction
/// for good.
/// </summary>
internal sealed class BlockingSocketTransport : TransportStream
{
    private readonly Socket _socket;

    private BlockingSocketTransport(Socket socket) => _socket = socket;

    /// <inheritdoc/>
    public override bool IsBlocking => true;

    /// <summary>Connects to a Unix socket.</summary>
    /// <param name="path">The socket's path.</param>
    /// <param name="timeout">How long the attempt may take.</param>
    public static BlockingSocketTransport ConnectUnix(string path, TimeSpan timeout)
    {
        // One asynchronous call on it, and the runtime would make the socket non-blocking for good.
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A listener whose queue is full lets others wait; the kernel then waits as long as a write may take.
            socket.SendTimeout = (int)timeout.TotalMilliseconds;
            socket.Connect(new UnixDomainSocketEndPoint(path));
            socket.SendTimeout = 0;
            return new BlockingSocketTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects over TCP.</summary>
    /// <param name="address">An address.</param>
    /// <param name="port">The port.</param>
    /// <param name="timeout">How long the attempt may take.</param>
    public static BlockingSocketTransport ConnectTcp(IPAddress address, int port, TimeSpan timeout)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SendTimeout = (int)timeout.TotalMilliseconds;
            socket.Connect(new IPEndPoint(address, port));
            socket.SendTimeout = 0;
            return new BlockingSocketTransport(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<int>(cancellationToken);
        try
        {
            using var ending = cancellationToken.UnsafeRegister(static transport => ((BlockingSocketTransport)transport!).End(SocketShutdown.Receive), this);
            var count = _socket.Receive(buffer.Span, SocketFlags.None);
            return cancellationToken.IsCancellationRequested ? ValueTask.FromCanceled<int>(cancellationToken) : ValueTask.FromResult(count);
        }
        catch (SocketException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<int>(cancellationToken);
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset && _socket.AddressFamily == AddressFamily.Unix)
        {
            // As in SocketTransport: all that was sent has been read.
            return ValueTask.FromResult(0);
        }
        catch (SocketException exception)
        {
            return ValueTask.FromException<int>(new IOException(exception.Message, exception));
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            using var ending = cancellationToken.UnsafeRegister(static transport => ((BlockingSocketTransport)transport!).End(SocketShutdown.Send), this);
            for (var data = buffer.Span; data.Length > 0;)
                data = data[_socket.Send(data, SocketFlags.None)..];
            return ValueTask.CompletedTask;
        }
        catch (SocketException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        catch (SocketException exception)
        {
            return ValueTask.FromException(new IOException(exception.Message, exception));
        }
    }

    /// <inheritdoc/>
    public override ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        End(SocketShutdown.Send);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _socket.Dispose();
        base.Dispose(disposing);
    }

    private void End(SocketShutdown direction)
    {
        try
        {
            _socket.Shutdown(direction);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The other end was faster: nothing blocks any more.
        }
    }
}
