using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Agent.Tests.Files;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests.Tunnels;

public sealed class TunnelTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private static (TcpListener Listener, int Port) Listen(IPAddress address)
    {
        var listener = new TcpListener(address, 0);
        listener.Start();
        return (listener, ((IPEndPoint)listener.LocalEndpoint).Port);
    }

    private async Task<(Stream? Stream, string Answer)> OpenAsync(string path, string? upgrade = "tcp")
    {
        var address = agent.Http.BaseAddress!;
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancellation);
        var stream = client.GetStream();
        var asking = upgrade is null ? "" : $"Connection: Upgrade\r\nUpgrade: {upgrade}\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: agent\r\n{asking}\r\n"), Cancellation);
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Cancellation) > 0)
            head.Append((char)one[0]);

        var answer = head.ToString();
        if (answer.StartsWith("HTTP/1.1 101 ", StringComparison.Ordinal))
            return (stream, answer);

        client.Dispose();
        return (null, answer);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Bytes_pass_both_ways_as_they_are()
    {
        var (listener, port) = Listen(IPAddress.Loopback);
        using var _ = listener;
        var (stream, answer) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={port}");
        Assert.Contains("Upgrade: tcp", answer, StringComparison.OrdinalIgnoreCase);
        using var peer = await listener.AcceptSocketAsync(Cancellation);
        var data = RandomNumberGenerator.GetBytes(3 << 20);
        var received = new byte[data.Length];

        // What comes back goes through the peer: both directions are full at once.
        var echo = Task.Run(async () =>
        {
            await using var there = new NetworkStream(peer);
            await there.CopyToAsync(there, Cancellation);
        }, Cancellation);
        var sending = stream!.WriteAsync(data, Cancellation).AsTask();
        await stream.ReadExactlyAsync(received, Cancellation);
        await sending;
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(received));

        await stream.DisposeAsync();
        await echo.WaitAsync(RunningAgent.Patience, Cancellation);
    }

    [Fact]
    public async Task A_server_that_hangs_up_ends_the_tunnel_after_its_last_byte()
    {
        var (listener, port) = Listen(IPAddress.Loopback);
        using var _ = listener;
        var (stream, _) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={port}");
        using (var peer = await listener.AcceptSocketAsync(Cancellation))
            await peer.SendAsync("the last words"u8.ToArray(), Cancellation);

        using var reader = new StreamReader(stream!);
        Assert.Equal("the last words", await reader.ReadToEndAsync(Cancellation).WaitAsync(RunningAgent.Patience, Cancellation));
    }

    [Fact]
    public async Task A_client_that_hangs_up_has_been_heard_to_its_last_byte()
    {
        var (listener, port) = Listen(IPAddress.Loopback);
        using var _ = listener;
        var (stream, _) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={port}");
        using var peer = await listener.AcceptSocketAsync(Cancellation);
        var data = RandomNumberGenerator.GetBytes(4 << 20);
        var sending = Task.Run(async () =>
        {
            await stream!.WriteAsync(data, Cancellation);
            await stream.DisposeAsync();
        }, Cancellation);

        // Slower than it was sent: the agent knows of the end long before the peer has all of it.
        var received = new MemoryStream();
        var buffer = new byte[64 << 10];
        while (await peer.ReceiveAsync(buffer, Cancellation) is > 0 and var count)
        {
            received.Write(buffer, 0, count);
            await Task.Delay(2, Cancellation);
        }

        await sending;
        Assert.Equal(SHA256.HashData(data), SHA256.HashData(received.ToArray()));
    }

    [Fact]
    public async Task What_listens_on_the_other_loopback_address_is_found_too()
    {
        Assert.SkipUnless(Socket.OSSupportsIPv6, "There is no IPv6 here.");
        var (listener, port) = Listen(IPAddress.IPv6Loopback);
        using var _ = listener;
        var (stream, _) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={port}");
        Assert.NotNull(stream);
        await stream.DisposeAsync();
    }

    [Fact]
    public async Task Where_nothing_listens_that_is_the_answer()
    {
        var (_, answer) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={RunningAgent.FindPort()}");
        Assert.StartsWith("HTTP/1.1 404 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_from_inside_is_given_to_who_waits_for_it()
    {
        var port = RunningAgent.FindPort();
        var waiting = OpenAsync($"{EnvdRoutes.Accept}?port={port}");
        using var inside = await ConnectWhenListeningAsync(port);
        await inside.SendAsync("ping"u8.ToArray(), Cancellation);
        var (stream, _) = await waiting.WaitAsync(RunningAgent.Patience, Cancellation);
        var buffer = new byte[4];
        await stream!.ReadExactlyAsync(buffer, Cancellation);
        Assert.Equal("ping", Encoding.ASCII.GetString(buffer));

        await stream.WriteAsync("pong"u8.ToArray(), Cancellation);
        Assert.Equal(4, await inside.ReceiveAsync(buffer, Cancellation));
        Assert.Equal("pong", Encoding.ASCII.GetString(buffer));
        await stream.DisposeAsync();
        Assert.Equal(0, await inside.ReceiveAsync(buffer, Cancellation));
    }

    [Fact]
    public async Task Of_several_who_wait_each_gets_a_connection_of_its_own()
    {
        var port = RunningAgent.FindPort();
        var waiting = Enumerable.Range(0, 4).Select(_ => OpenAsync($"{EnvdRoutes.Accept}?port={port}")).ToList();
        for (var i = 0; i < 4; i++)
        {
            using var inside = await ConnectWhenListeningAsync(port);
            await inside.SendAsync(new byte[] { (byte)i }, Cancellation);
            var next = await Task.WhenAny(waiting);
            waiting.Remove(next);
            await using var stream = (await next).Stream!;
            Assert.Equal(i, stream.ReadByte());
        }
    }

    [Fact]
    public async Task When_nobody_waits_any_more_the_port_is_closed()
    {
        var port = RunningAgent.FindPort();
        using (var client = new TcpClient())
        {
            var address = agent.Http.BaseAddress!;
            await client.ConnectAsync(address.Host, address.Port, Cancellation);
            await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes($"GET {EnvdRoutes.Accept}?port={port} HTTP/1.1\r\nHost: agent\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n"), Cancellation);
            (await ConnectWhenListeningAsync(port)).Dispose();
        }

        await RunningAgent.WaitUntilAsync(async () =>
        {
            try
            {
                using var late = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await late.ConnectAsync(IPAddress.Loopback, port, Cancellation);
                return false;
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionRefused)
            {
                return true;
            }
        }, "the port is closed");
    }

    [Fact]
    public async Task A_port_that_another_process_has_is_not_taken_from_it()
    {
        var (listener, port) = Listen(IPAddress.Loopback);
        using var _ = listener;
        var (_, answer) = await OpenAsync($"{EnvdRoutes.Accept}?port={port}");
        Assert.StartsWith("HTTP/1.1 409 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(EnvdRoutes.Tunnel, "?port=0")]
    [InlineData(EnvdRoutes.Tunnel, "?port=65536")]
    [InlineData(EnvdRoutes.Tunnel, "")]
    [InlineData(EnvdRoutes.Accept, "?port=-1")]
    [InlineData(EnvdRoutes.Accept, "?port=x")]
    public async Task A_question_without_sense_is_refused(string path, string query)
    {
        var (_, answer) = await OpenAsync(path + query);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("websocket")]
    public async Task Who_does_not_ask_for_a_tunnel_gets_none(string? upgrade)
    {
        var (listener, port) = Listen(IPAddress.Loopback);
        using var _ = listener;
        var (_, answer) = await OpenAsync($"{EnvdRoutes.Tunnel}?port={port}", upgrade);
        Assert.StartsWith("HTTP/1.1 400 ", answer, StringComparison.Ordinal);
        Assert.False(listener.Pending());
    }

    [Theory]
    [InlineData(EnvdRoutes.Tunnel)]
    [InlineData(EnvdRoutes.Accept)]
    public async Task Without_the_token_there_is_no_tunnel(string path)
    {
        using var secure = RunningAgent.StartSecure("a token");
        using var nobody = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{secure.Port}/") };
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{path}?port={RunningAgent.FindPort()}");
        request.Headers.Connection.Add("Upgrade");
        request.Headers.Upgrade.ParseAdd("tcp");
        using var response = await nobody.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("unauthenticated", (await response.Content.ReadFromJsonAsync(EnvdJson.Default.ConnectError, Cancellation))!.Code);
    }

    private static async Task<Socket> ConnectWhenListeningAsync(int port)
    {
        Socket? connected = null;
        await RunningAgent.WaitUntilAsync(async () =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(IPAddress.Loopback, port, Cancellation);
                connected = socket;
                return true;
            }
            catch (SocketException)
            {
                socket.Dispose();
                return false;
            }
        }, "the agent listens");
        return connected!;
    }
}
