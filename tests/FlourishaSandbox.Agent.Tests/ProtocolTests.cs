using System.Net;
using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>What is no request gets the protocol's own answer, and the agent goes on.</summary>
public sealed class ProtocolTests(RunningAgent agent) : IClassFixture<RunningAgent>
{
    private const string Start = EnvdRoutes.Process + "Start";
    private const string List = EnvdRoutes.Process + "List";

    private static byte[] True => AgentHttp.Envelope(0, "{\"process\":{\"cmd\":\"true\"}}"u8);

    [Fact]
    public async Task A_good_frame_is_taken() => Assert.Null(await agent.Http.PostBrokenStreamAsync(Start, True));

    [Theory]
    [InlineData("", ConnectCode.InvalidArgument)] // nothing
    [InlineData("00", ConnectCode.InvalidArgument)] // part of a header
    [InlineData("00000000", ConnectCode.InvalidArgument)]
    [InlineData("0000000000", ConnectCode.InvalidArgument)] // an empty message is no JSON
    [InlineData("00000000027B", ConnectCode.InvalidArgument)] // a message that is shorter than it says
    [InlineData("00000000027B7D00", ConnectCode.InvalidArgument)] // something behind it
    [InlineData("00000000027B7D00000000027B7D", ConnectCode.InvalidArgument)] // two
    [InlineData("02000000027B7D", ConnectCode.InvalidArgument)] // an end that only servers send
    [InlineData("01000000027B7D", ConnectCode.Unimplemented)] // compressed
    [InlineData("80000000027B7D", ConnectCode.InvalidArgument)] // a flag that is not known
    [InlineData("0000400001", ConnectCode.ResourceExhausted)] // 4 MiB and one byte
    [InlineData("00FFFFFFFF", ConnectCode.ResourceExhausted)]
    [InlineData("00000000045B5D5B5D", ConnectCode.InvalidArgument)] // JSON, but no object
    [InlineData("00000000046E756C6C", ConnectCode.InvalidArgument)] // null
    [InlineData("0000000002FFFE", ConnectCode.InvalidArgument)] // no UTF-8
    public async Task A_broken_frame_gets_its_code(string frame, ConnectCode code)
    {
        Assert.Equal(code, await agent.Http.PostBrokenStreamAsync(Start, Convert.FromHexString(frame)));
        Assert.Equal(code, await agent.Http.PostBrokenStreamAsync(EnvdRoutes.Process + "Connect", Convert.FromHexString(frame)));
        Assert.True(await agent.Http.IsHealthyAsync());
    }

    [Theory]
    [InlineData("{\"process\":{\"cmd\":5}}")]
    [InlineData("{\"process\":{\"cmd\":\"a\\u0000b\"}}")]
    [InlineData("{\"process\":{\"cmd\":\"true\",\"args\":[null]}}")]
    [InlineData("{\"process\":{\"cmd\":\"true\",\"envs\":{\"A\\u0000\":\"\"}}}")]
    [InlineData("{\"process\":{\"cmd\":\"true\",\"envs\":{\"A\":null}}}")]
    [InlineData("{\"process\":{\"cmd\":\"\\ud800\"}}")]
    [InlineData("{\"process\":{\"cmd\":\"true\"},\"pty\":{\"size\":{\"cols\":-1,\"rows\":1}}}")]
    [InlineData("{\"process\":{\"cmd\":\"true\"},\"pty\":{\"size\":{\"cols\":99999999999,\"rows\":1}}}")]
    public async Task A_message_that_says_nonsense_is_refused(string json)
        => Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(Start, AgentHttp.Envelope(0, Encoding.UTF8.GetBytes(json))));

    [Fact]
    public async Task A_message_that_is_nested_deeply_is_refused()
    {
        var json = string.Concat(Enumerable.Repeat("{\"process\":", 100_000));
        Assert.Equal(ConnectCode.InvalidArgument, await agent.Http.PostBrokenStreamAsync(Start, AgentHttp.Envelope(0, Encoding.UTF8.GetBytes(json))));
    }

    [Fact]
    public async Task Members_that_are_not_known_are_passed_over()
        => Assert.Null(await agent.Http.PostBrokenStreamAsync(Start, AgentHttp.Envelope(0, "{\"process\":{\"cmd\":\"true\",\"later\":1},\"new\":{}}"u8)));

    [Fact]
    public async Task A_long_message_is_taken_and_one_that_is_too_long_is_not()
    {
        var padding = new string(' ', EnvdProtocol.MaximumMessage - 2);
        Assert.Equal(HttpStatusCode.OK, await PostAsync(List, "{}" + padding));
        Assert.Equal(HttpStatusCode.TooManyRequests, await PostAsync(List, "{}" + padding + " "));
    }

    [Theory]
    [InlineData(List, "application/connect+json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(List, "application/proto", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(List, "text/plain", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(Start, "application/json", "{}", HttpStatusCode.UnsupportedMediaType)]
    [InlineData(List, "application/json; charset=utf-8", "{}", HttpStatusCode.OK)]
    [InlineData(List, "Application/JSON", "{}", HttpStatusCode.OK)]
    [InlineData(List, "application/json", "", HttpStatusCode.BadRequest)]
    [InlineData(List, "application/json", "{", HttpStatusCode.BadRequest)]
    [InlineData(List, "application/json", "{}{}", HttpStatusCode.BadRequest)]
    [InlineData("/process.Process/Nothing", "application/json", "{}", HttpStatusCode.NotFound)]
    [InlineData("/process.Process/list", "application/json", "{}", HttpStatusCode.NotFound)]
    [InlineData("/process.Other/List", "application/json", "{}", HttpStatusCode.NotFound)]
    public async Task Content_types_and_paths_are_held_to(string path, string type, string body, HttpStatusCode status)
        => Assert.Equal(status, await PostAsync(path, body, type));

    [Fact]
    public async Task Only_POST_calls_a_service()
    {
        using var response = await agent.Http.Client.GetAsync(new Uri(List, UriKind.Relative));
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "POST"), (response.StatusCode, response.Content.Headers.Allow.Single()));
    }

    [Theory]
    [InlineData("x")]
    [InlineData("-1")]
    [InlineData("12345678901")]
    [InlineData("1.5")]
    public async Task A_time_that_is_none_is_refused(string time)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Start) { Content = AgentHttp.Content(True, EnvdProtocol.StreamContentType) };
        request.Headers.Add(EnvdProtocol.TimeoutHeader, time);
        using var response = await agent.Http.Client.SendAsync(request);
        Assert.Contains("invalid_argument", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compression_is_refused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Start) { Content = AgentHttp.Content(True, EnvdProtocol.StreamContentType) };
        request.Headers.Add("Connect-Content-Encoding", "gzip");
        using var response = await agent.Http.Client.SendAsync(request);
        Assert.Contains("unimplemented", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /health HTTP/2.0\r\n\r\n", "505")]
    [InlineData("nonsense\r\n\r\n", "400")]
    [InlineData("GET  /health HTTP/1.1\r\n\r\n", "400")]
    [InlineData("GET /health HTTP/1.1\r\n\r\n", "400")] // no host
    [InlineData("POST /process.Process/List HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n", "400")]
    [InlineData("POST /process.Process/List HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "400")]
    public async Task What_is_no_HTTP_is_refused(string request, string status) => Assert.StartsWith($"HTTP/1.1 {status} ", await SendRawAsync(request), StringComparison.Ordinal);

    [Fact]
    public async Task Heads_are_bounded()
    {
        Assert.StartsWith("HTTP/1.1 414 ", await SendRawAsync($"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431 ", await SendRawAsync($"GET /health HTTP/1.1\r\nHost: x\r\nX-Large: {new string('x', 40_000)}\r\n\r\n"), StringComparison.Ordinal);
        Assert.True(await agent.Http.IsHealthyAsync());
    }

    private async Task<HttpStatusCode> PostAsync(string path, string body, string type = EnvdProtocol.UnaryContentType)
    {
        using var content = AgentHttp.Content(Encoding.UTF8.GetBytes(body), type);
        using var response = await agent.Http.Client.PostAsync(new Uri(path, UriKind.Relative), content);
        return response.StatusCode;
    }

    private async Task<string> SendRawAsync(string request)
    {
        using var client = new TcpClient("127.0.0.1", agent.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        var buffer = new byte[1024];
        using var patience = new CancellationTokenSource(RunningAgent.Patience);
        return Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer, patience.Token));
    }
}
