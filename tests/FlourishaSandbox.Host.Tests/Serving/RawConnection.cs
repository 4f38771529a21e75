using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>A connection on which a test says whatever it likes.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects.</summary>
    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection._socket.ConnectAsync(IPAddress.Loopback, port, Limits.Token);
        return connection;
    }

    /// <summary>
    /// Sends bytes, and after them a request that the gateway answers itself before it closes the connection. Takes all that comes back: where
    /// that last answer is missing, the gateway had closed the connection already.
    /// </summary>
    public static async Task<RawAnswer> ExchangeAsync(int port, string request)
    {
        using var connection = await OpenAsync(port);
        await connection.SendAsync($"{request}GET / HTTP/1.1\r\nHost: {RawAnswer.LastHost}\r\nConnection: close\r\n\r\n");
        return await connection.ReadToEndAsync();
    }

    /// <summary>Sends bytes, one for each character. Whoever does not want them any more need not take them.</summary>
    public async Task SendAsync(string text)
    {
        try
        {
            await _socket.SendAsync(Encoding.Latin1.GetBytes(text), SocketFlags.None, Limits.Token);
        }
        catch (SocketException)
        {
            return; // the connection was closed; what was answered before is still to be read
        }
    }

    /// <summary>Reads until a text has arrived.</summary>
    public async Task<string> ReadUntilAsync(string end)
    {
        var (text, buffer) = (new StringBuilder(), new byte[1]);
        while (!text.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            Assert.True(await _socket.ReceiveAsync(buffer, SocketFlags.None, Limits.Token) > 0, $"the connection ended after: {text}");
            text.Append((char)buffer[0]);
        }

        return text.ToString();
    }

    /// <summary>Reads until the other end closes the connection.</summary>
    public async Task<RawAnswer> ReadToEndAsync()
    {
        var (all, buffer) = (new StringBuilder(), new byte[65536]);
        try
        {
            while (await _socket.ReceiveAsync(buffer, SocketFlags.None, Limits.Token) is var count and > 0)
                all.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
        {
            // Closed in the middle of what was being sent.
        }

        return new RawAnswer(all.ToString());
    }

    public void Dispose() => _socket.Dispose();
}
