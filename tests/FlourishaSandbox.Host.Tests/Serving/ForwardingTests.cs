using System.Net;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>What an app in a sandbox and its users see of each other through the gateway.</summary>
public sealed class ForwardingTests(GatewayHouse house) : GatewayTests(house)
{
    private HttpClient Client(GatewayProcess? gateway = null) => House.ClientOf(House.Open, gateway: gateway);

    private string Outside => $"{GatewayHouse.HostOf(House.Open)}:{House.Gateway.Port}";

    [Fact]
    public async Task An_app_is_shown_localhost_and_told_the_rest()
    {
        using var client = Client();
        var head = (await client.GetStringAsync("/head?x=%2F", Limits.Token)).Split("\r\n");
        Assert.Equal("GET /head?x=%2F HTTP/1.1", head[0]);
        Assert.Contains("Host: localhost:8000", head);
        Assert.Contains($"X-Forwarded-Host: {Outside}", head);
        Assert.Contains("X-Forwarded-For: 127.0.0.1", head);
        Assert.Contains("X-Forwarded-Proto: http", head);
    }

    [Fact]
    public async Task What_a_user_says_of_himself_does_not_reach_it()
    {
        var word = NewWord();
        var answer = await House.SendAsync(
            $"GET /head HTTP/1.1\r\nHost: {Outside}\r\nX-Forwarded-For: {word}\r\nX-Forwarded-Host: {word}\r\nX-Forwarded-Proto: {word}\r\nForwarded: for={word}\r\n"
            + $"X_Forwarded_For: {word}\r\nX-Real-IP: {word}\r\nX-Forwarded-Port: {word}\r\nConnection: x-hop\r\nX-Hop: {word}\r\nKeep-Alive: {word}\r\nProxy-Connection: {word}\r\nX-Other: kept\r\n\r\n");
        Assert.Equal([200, 404], answer.Statuses);
        Assert.DoesNotContain(word, answer.Text, StringComparison.Ordinal);
        Assert.Contains("X-Other: kept\r\n", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a/../b/./c")]
    [InlineData("/a%2F..%2fb//c;d=1")]
    [InlineData("/%e2%82%ac/+/~'()*!$,@:[]|")]
    public async Task A_path_arrives_as_it_was_written(string path)
    {
        var word = NewWord();
        var answer = await House.SendAsync($"GET {path}?{word} HTTP/1.1\r\nHost: {Outside}\r\n\r\n");
        Assert.Equal([200, 404], answer.Statuses);
        Assert.Contains($"GET {path}?{word} HTTP/1.1\r\n", await House.SeenAsync(House.Open), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Redirects_and_cookies_stay_with_the_name_that_the_user_has()
    {
        using var client = Client();
        using var away = await client.GetAsync("/away", Limits.Token);
        Assert.Equal($"http://{Outside}/there?x=1", away.Headers.Location?.OriginalString);
        using var elsewhere = await client.GetAsync("/elsewhere", Limits.Token);
        Assert.Equal("http://example.com/there", elsewhere.Headers.Location?.OriginalString);
        using var cookies = await client.GetAsync("/cookies", Limits.Token);
        Assert.Equal(["a=1; Path=/"], cookies.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task No_app_passes_for_the_gateway()
    {
        using var client = Client();
        using var answer = await client.GetAsync("/pretend", Limits.Token);
        Assert.Equal("not the gateway", await answer.Content.ReadAsStringAsync(Limits.Token));
        Assert.False(answer.Headers.Contains(GatewayAnswer.Header));
    }

    [Fact]
    public async Task Large_contents_go_both_ways_whole()
    {
        using var client = Client();
        var bytes = RandomNumberGenerator.GetBytes(20 << 20);
        var expected = $"{bytes.Length} {Convert.ToHexString(SHA256.HashData(bytes)).ToLowerInvariant()}";
        using var sized = await client.PostAsync("/sum", new ByteArrayContent(bytes), Limits.Token);
        Assert.Equal(expected, await sized.Content.ReadAsStringAsync(Limits.Token));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/sum") { Content = new ByteArrayContent(bytes), Headers = { TransferEncodingChunked = true } };
        using var chunked = await client.SendAsync(request, Limits.Token);
        Assert.Equal(expected, await chunked.Content.ReadAsStringAsync(Limits.Token));
        Assert.Equal(20_000_000, (await client.GetByteArrayAsync("/big?20000000", Limits.Token)).Length);
    }

    [Fact]
    public async Task What_is_sent_piece_by_piece_arrives_piece_by_piece()
    {
        // Each piece is sent only when the one before has arrived: whatever is kept back on the way, it hangs.
        var (word, sent) = (NewWord(), "");
        using var connection = await RawConnection.OpenAsync(House.Gateway.Port);
        await connection.SendAsync($"POST /pieces?{word} HTTP/1.1\r\nHost: {Outside}\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (var i = 0; i < 5; i++)
        {
            sent += $"piece{i}";
            await connection.SendAsync($"6\r\npiece{i}\r\n");
            while (await House.ReadAsync(House.Open, $"/tmp/pieces-{word}") != sent)
                await Task.Delay(20, Limits.Token);
        }

        await connection.SendAsync("0\r\n\r\n");
        await connection.ReadUntilAsync("\r\n\r\nall");
    }

    [Fact]
    public async Task Events_arrive_when_they_happen_and_the_head_before_any()
    {
        var word = NewWord();
        using var client = Client();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/events?{word}");
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Limits.Token);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await answer.Content.ReadAsStreamAsync(Limits.Token));
        for (var i = 1; i <= 3; i++)
        {
            await client.GetStringAsync($"/go?{word}-{i}", Limits.Token);
            Assert.Equal($"data: {i}", await reader.ReadLineAsync(Limits.Token));
            Assert.Equal("", await reader.ReadLineAsync(Limits.Token));
        }

        Assert.Null(await reader.ReadLineAsync(Limits.Token));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(300)]
    [InlineData(1 << 20)]
    public async Task A_socket_carries_messages_both_ways(int size)
    {
        using var socket = new ClientWebSocket();
        using var invoker = new HttpMessageInvoker(Clients.CreateHandler(House.Gateway));
        await socket.ConnectAsync(new Uri($"ws://{Outside}/socket"), invoker, Limits.Token);
        var sent = RandomNumberGenerator.GetBytes(size);
        for (var i = 0; i < 3; i++)
        {
            await socket.SendAsync(sent, WebSocketMessageType.Binary, endOfMessage: true, Limits.Token);
            Assert.Equal(sent, await ReceiveAsync(socket, size));
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", Limits.Token);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
    }

    [Fact]
    public async Task The_origin_of_a_socket_is_the_apps_own_where_it_is_of_its_own_page_and_nowhere_else()
    {
        foreach (var (origin, expected) in ((string, string)[])[($"http://{Outside}", "http://localhost:8000"), ("http://evil.example", "http://evil.example"), ($"http://8000-other.localhost:{House.Gateway.Port}", $"http://8000-other.localhost:{House.Gateway.Port}")])
        {
            var word = NewWord();
            using var connection = await RawConnection.OpenAsync(House.Gateway.Port);
            await connection.SendAsync($"GET /socket?{word} HTTP/1.1\r\nHost: {Outside}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nOrigin: {origin}\r\n\r\n");
            Assert.Contains("101 Switching Protocols", await connection.ReadUntilAsync("\r\n\r\n"), StringComparison.Ordinal);
            var head = (await House.SeenAsync(House.Open)).Split("=====\n").Single(each => each.Contains(word, StringComparison.Ordinal));
            Assert.Contains($"Origin: {expected}\r\n", head, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Questions_on_one_connection_are_answered_in_their_order()
    {
        var request = (string path) => $"GET {path} HTTP/1.1\r\nHost: {Outside}\r\n\r\n";
        var answer = await House.SendAsync(request("/big?1") + request("/no") + request("/big?3"));
        Assert.Equal([200, 200, 200, 404], answer.Statuses);
        Assert.Matches("(?s)\r\n\r\nxHTTP.*hello from 8000HTTP.*\r\n\r\nxxxHTTP", answer.Text);
    }

    [Fact]
    public async Task A_head_is_answered_with_a_head()
    {
        var answer = await House.SendAsync($"HEAD /nothing HTTP/1.1\r\nHost: {Outside}\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer.Text, StringComparison.Ordinal);
        Assert.Equal([200, 404], answer.Statuses);
    }

    [Fact]
    public async Task With_KeepHost_the_app_is_shown_the_name_that_the_user_typed()
    {
        await using var gateway = await GatewayProcess.StartAsync("--keep-host");
        using var client = Client(gateway);
        Assert.Contains($"\r\nHost: {GatewayHouse.HostOf(House.Open)}:{gateway.Port}\r\n", await client.GetStringAsync("/head", Limits.Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trusted_proxys_word_counts()
    {
        await using var gateway = await GatewayProcess.StartAsync("--trusted-proxy", "10.9.0.0/16", "--trusted-proxy", "127.0.0.1");
        using var client = Client(gateway);
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", "192.0.2.7");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-Host", "elsewhere.example");
        var head = await client.GetStringAsync("/head", Limits.Token);
        Assert.Contains("\r\nX-Forwarded-For: 192.0.2.7, 127.0.0.1\r\n", head, StringComparison.Ordinal);
        Assert.Contains("\r\nX-Forwarded-Proto: https\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("elsewhere.example", head, StringComparison.Ordinal);
        using var away = await client.GetAsync("/away", Limits.Token);
        Assert.StartsWith("https://8000-", away.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sandbox_without_a_network_is_reached_through_its_agent()
    {
        var sandbox = await House.CreateAsync(options => options with { Network = NetworkPolicy.None, Ports = [] });
        await House.ServeAsync(sandbox, address: "127.0.0.1");
        using var client = House.ClientOf(sandbox);
        using var answer = await Retry.UntilAsync(() => client.GetAsync("/sum", Limits.Token), answer => answer.StatusCode != HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var text = new string('a', 1 << 20);
        using var sum = await client.PostAsync("/sum", new StringContent(text, Encoding.ASCII), Limits.Token);
        Assert.StartsWith($"{text.Length} ", await sum.Content.ReadAsStringAsync(Limits.Token), StringComparison.Ordinal);
    }

    private static async Task<byte[]> ReceiveAsync(ClientWebSocket socket, int size)
    {
        var (buffer, count) = (new byte[size], 0);
        while (count < size)
            count += (await socket.ReceiveAsync(buffer.AsMemory(count), Limits.Token)).Count;

        return buffer;
    }
}
