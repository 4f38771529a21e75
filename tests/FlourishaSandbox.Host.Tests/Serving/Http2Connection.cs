using System.Buffers.Binary;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>As little of HTTP/2 as it takes to send a head that no client would: with any names in it, or none.</summary>
internal sealed class Http2Connection : IAsyncDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Reset = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;
    private const byte Acknowledged = 1;

    private readonly TcpClient _client = new();
    private SslStream? _stream;

    /// <summary>Connects.</summary>
    public static async Task<Http2Connection> OpenAsync(int port)
    {
        var connection = new Http2Connection();
        await connection._client.ConnectAsync("127.0.0.1", port, Limits.Token);
        connection._stream = new SslStream(connection._client.GetStream(), leaveInnerStreamOpen: false, (_, certificate, _, _) => Clients.IsOfTests(certificate));
        await connection._stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "anything.localhost", ApplicationProtocols = [SslApplicationProtocol.Http2] }, Limits.Token);
        await connection._stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray(), Limits.Token);
        await connection.WriteAsync(Settings, 0, 0, []);
        return connection;
    }

    /// <summary>Asks for a path.</summary>
    /// <param name="path">The path.</param>
    /// <param name="authority">What <c>:authority</c> is to say; null for none.</param>
    /// <param name="host">What the header <c>host</c> is to say; null for none.</param>
    /// <returns>The content of the answer; a word in brackets where there is none.</returns>
    public async Task<string> GetAsync(string path, string? authority, string? host)
    {
        var block = new List<byte>();
        foreach (var (name, value) in ((string, string?)[])[(":method", "GET"), (":scheme", "https"), (":path", path), (":authority", authority), ("host", host)])
        {
            // A literal that is in no table, in plain letters.
            if (value is not null)
                block.AddRange([0, (byte)name.Length, .. Encoding.Latin1.GetBytes(name), (byte)value.Length, .. Encoding.Latin1.GetBytes(value)]);
        }

        await WriteAsync(Headers, EndStream | EndHeaders, 1, [.. block]);
        var content = new StringBuilder();
        while (true)
        {
            var (type, flags, stream, payload) = await ReadAsync();
            if (type == Settings && (flags & Acknowledged) == 0)
                await WriteAsync(Settings, Acknowledged, 0, []);

            if (type == GoAway || (type == Reset && stream == 1))
                return $"[{(type == Reset ? "reset" : "end")}]";

            if (type == Data && stream == 1)
                content.Append(Encoding.Latin1.GetString(payload));

            if (stream == 1 && (flags & EndStream) != 0)
                return content.ToString();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
            await _stream.DisposeAsync();

        _client.Dispose();
    }

    private async Task WriteAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await _stream!.WriteAsync(frame, Limits.Token);
    }

    private async Task<(byte Type, byte Flags, int Stream, byte[] Payload)> ReadAsync()
    {
        var head = new byte[9];
        await _stream!.ReadExactlyAsync(head, Limits.Token);
        var payload = new byte[BinaryPrimitives.ReadInt32BigEndian(head) >>> 8];
        await _stream.ReadExactlyAsync(payload, Limits.Token);
        return (head[3], head[4], BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(5)) & int.MaxValue, payload);
    }
}
