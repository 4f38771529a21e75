using System.Net;
using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks.Gateway;

/// <summary>A connection that was upgraded to a WebSocket through the gateway, and carries a message after the other until it is closed.</summary>
internal sealed class HeldSocket : IAsyncDisposable
{
    private const int Port = 8001;

    // Says back what it is told; what frames there are in it is between the two ends.
    private const string Server = """
        exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8001, Listen => 5) or die; while ($c = $s->accept) { while (sysread $c, $b, 1) { $h .= $b; last if $h =~ /\r\n\r\n$/ } print $c "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"; $c->flush; while (sysread $c, $b, 4096) { syswrite $c, $b } }'
        """;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _end = new();
    private Task<int>? _talk;

    /// <summary>Makes a sandbox with a server for it, and connects.</summary>
    public static async Task<HeldSocket> OpenAsync(Laboratory laboratory, int gatewayPort, CancellationToken cancellationToken)
    {
        var sandbox = await laboratory.CreateAsync(cancellationToken);
        await laboratory.Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = Server }, new(), OperationObserver.None, cancellationToken);
        while (!(await laboratory.Manager.Ports.ListAsync(sandbox, cancellationToken)).Any(listener => listener.Port == Port))
            await Task.Delay(20, cancellationToken);

        var held = new HeldSocket();
        await held._socket.ConnectAsync(IPAddress.Loopback, gatewayPort, cancellationToken);
        await held._socket.SendAsync(Encoding.ASCII.GetBytes($"GET / HTTP/1.1\r\nHost: {Port}-{sandbox.ShortId}.localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"), cancellationToken);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await held._socket.ReceiveAsync(one, cancellationToken) > 0)
            head.Append((char)one[0]);

        if (!head.ToString().StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            throw new InvalidOperationException($"The gateway does not open the socket: {head}");

        held._talk = held.TalkAsync();
        return held;
    }

    /// <summary>Ends the talk.</summary>
    /// <returns>How many messages there were.</returns>
    /// <exception cref="InvalidOperationException">The socket was lost.</exception>
    public async Task<int> CloseAsync()
    {
        await _end.CancelAsync();
        return await _talk!;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        _end.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<int> TalkAsync()
    {
        var (sent, received) = (new byte[100], new byte[100]);
        for (var count = 0; ; count++)
        {
            Random.Shared.NextBytes(sent);
            await _socket.SendAsync(sent);
            for (var have = 0; have < sent.Length;)
            {
                var more = await _socket.ReceiveAsync(received.AsMemory(have));
                have += more > 0 ? more : throw new InvalidOperationException($"The socket was closed after {count} messages.");
            }

            if (!sent.AsSpan().SequenceEqual(received))
                throw new InvalidOperationException("The socket said something else than it was told.");

            if (_end.IsCancellationRequested)
                return count + 1;

            await Task.Delay(10);
        }
    }
}
