using FlourishaSandbox.Envd;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>Ways to get at a private port without its token: none of them leads to the app, and none tells that it is there.</summary>
public sealed class HostTrickTests(GatewayHouse house) : GatewayTests(house)
{
    private const string Open = "8000-OPEN.localhost";
    private const string Closed = "8000-CLOSED.localhost";

    private string Filled(string text) => text.Replace("OPEN", House.Open.ShortId, StringComparison.Ordinal).Replace("CLOSED", House.Closed.ShortId, StringComparison.Ordinal);

    // What came back, if nothing of it is the private app's, and nothing reached it.
    private async Task<RawAnswer> AskAsync(string word, string request)
    {
        var answer = await House.SendAsync(Filled(request));
        Assert.DoesNotContain(GatewayHouse.Secret, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(word, await House.SeenAsync(House.Closed), StringComparison.Ordinal);
        return answer;
    }

    [Theory]
    [InlineData(Closed)]
    [InlineData("8000-CLOSED.localhost:8000")]
    [InlineData("8000-CLOSED.LOCALHOST")]
    [InlineData("8000-CLOSED.localhost.")]
    [InlineData("8000-CLOSED.localhost:")]
    [InlineData("8000-CLOSED.localhost:80:80")]
    [InlineData("08000-CLOSED.localhost")]
    [InlineData("8000_CLOSED.localhost")]
    [InlineData("8000-CLOSED..localhost")]
    [InlineData(".8000-CLOSED.localhost")]
    [InlineData("8000-CLOSED.localhost\t")]
    [InlineData("8000-CLOSED.localhost/")]
    [InlineData("8000-CLOSED.localhost%00")]
    [InlineData("8000%2dCLOSED.localhost")]
    [InlineData("user@8000-CLOSED.localhost")]
    [InlineData("8000-OPEN.localhost@8000-CLOSED.localhost")]
    [InlineData("8000-OPEN.localhost,8000-CLOSED.localhost")]
    [InlineData("8000-OPEN.localhost 8000-CLOSED.localhost")]
    [InlineData("[8000-CLOSED.localhost]")]
    [InlineData("http://8000-CLOSED.localhost")]
    [InlineData("8000-CLOSED.localho\u00dft")]
    [InlineData("8000-CLOSED\0.localhost")]
    [InlineData("xn--8000-CLOSED.localhost")]
    public async Task No_way_to_write_its_name_opens_it(string host)
    {
        var word = NewWord();
        var answer = await AskAsync(word, $"GET /{word} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        Assert.Contains(answer.Status, (int[])[400, 404]);
    }

    [Theory]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\nhost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost : CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\n Host: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n ,CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost:\r\n CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\rHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost:\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.0\r\n\r\n")]
    [InlineData("GET /WORD\r\n\r\n")]
    [InlineData("GET http://CLOSED-HOST/WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("GET http://OPEN-HOST/WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET http://CLOSED-HOST/WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET http://x@CLOSED-HOST/WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET http://CLOSED-HOST/WORD HTTP/1.1\r\n\r\n")]
    [InlineData("GET @CLOSED-HOST/WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("GET :8000@CLOSED-HOST/WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("CONNECT CLOSED-HOST:8000 HTTP/1.1\r\nHost: CLOSED-HOST:8000\r\n\r\n")]
    [InlineData("CONNECT CLOSED-HOST:8000 HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("CONNECT 169.254.169.254:80 HTTP/1.1\r\nHost: 169.254.169.254:80\r\n\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("TRACE /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    [InlineData("GET /%2e%2e/WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /..%2fWORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /%00WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /\\WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /%zzWORD HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nX-Forwarded-Host: OPEN-HOST\r\nForwarded: host=OPEN-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nX-Original-URL: http://OPEN-HOST/\r\nX-Rewrite-URL: /\r\nX-Forwarded-For: 127.0.0.1\r\nX-Real-IP: 127.0.0.1\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: CLOSED-HOST\r\nX-Access-Token:\r\nCookie: flourisha_access=; __Host-flourisha_access=\r\n\r\n")]
    [InlineData("GET /WORD?flourisha_link HTTP/1.1\r\nHost: CLOSED-HOST\r\n\r\n")]
    public async Task No_way_to_ask_opens_it(string request)
    {
        var word = NewWord();
        var answer = await AskAsync(word, request.Replace("OPEN-HOST", Open, StringComparison.Ordinal).Replace("CLOSED-HOST", Closed, StringComparison.Ordinal).Replace("WORD", word, StringComparison.Ordinal));
        Assert.DoesNotContain(200, answer.Statuses);
        Assert.DoesNotContain(101, answer.Statuses);
    }

    [Theory]
    [InlineData("GET //CLOSED-HOST/WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("GET /http://CLOSED-HOST/WORD HTTP/1.1\r\nHost: OPEN-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\nX-Forwarded-Host: CLOSED-HOST\r\nX-Host: CLOSED-HOST\r\nForwarded: host=CLOSED-HOST\r\nX-Original-Host: CLOSED-HOST\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\nConnection: Host\r\n\r\n")]
    [InlineData("GET /WORD HTTP/1.1\r\nHost: OPEN-HOST\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\n\r\n")]
    public async Task What_names_it_elsewhere_goes_to_whom_the_host_names(string request)
    {
        var word = NewWord();
        var answer = await AskAsync(word, request.Replace("OPEN-HOST", Open, StringComparison.Ordinal).Replace("CLOSED-HOST", Closed, StringComparison.Ordinal).Replace("WORD", word, StringComparison.Ordinal));
        Assert.Equal([200, 404], answer.Statuses);
        var head = (await House.SeenAsync(House.Open)).Split("=====\n").Single(each => each.Contains(word, StringComparison.Ordinal));
        Assert.Contains("\r\nHost: localhost:8000\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Upgrade", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_private_port_answers_as_a_sandbox_that_is_not_there()
    {
        foreach (var headers in (string[])["", "Accept: text/html\r\n", "X-Access-Token: fsp_00\r\n", "Cookie: flourisha_access=9999999999.00\r\nAccept: text/html\r\n", "Connection: Upgrade\r\nUpgrade: websocket\r\n"])
        {
            var request = (string host) => $"GET / HTTP/1.1\r\nHost: {host}.localhost\r\n{headers}\r\n";
            var answers = new List<RawAnswer>();
            foreach (var host in (string[])[$"8000-{House.Closed.ShortId}", $"8000-{House.Closed.Name}", $"8002-{House.Closed.ShortId}", $"{EnvdProtocol.Port}-{House.Closed.ShortId}", "8000-0123456789ab", "8000-nobody", $"{EnvdProtocol.Port}-{House.Open.ShortId}"])
                answers.Add(await House.SendAsync(request(host)));

            Assert.Single(answers.Select(answer => answer.Undated).Distinct());
        }
    }

    [Fact]
    public async Task The_agents_port_is_never_served()
    {
        var agent = await House.Manager.Hosts.GetAddressAsync(House.Open, EnvdProtocol.Port, Limits.Token);
        foreach (var sandbox in (Sandboxes.Sandbox[])[House.Open, House.Closed])
        {
            foreach (var token in (string[])[House.Access.TokenFor(sandbox, EnvdProtocol.Port), agent.Token!])
            {
                var answer = await House.SendAsync($"GET /health HTTP/1.1\r\nHost: {GatewayHouse.HostOf(sandbox, EnvdProtocol.Port)}\r\n{PortAccess.TokenHeader}: {token}\r\n\r\n");
                Assert.Equal([401, 404], answer.Statuses);
            }

            var link = House.Access.LinkFor(sandbox, EnvdProtocol.Port, DateTimeOffset.UtcNow.AddMinutes(5));
            Assert.Equal([401, 404], (await House.SendAsync($"GET /health?{PortAccess.LinkParameter}={link} HTTP/1.1\r\nHost: {GatewayHouse.HostOf(sandbox, EnvdProtocol.Port)}\r\n\r\n")).Statuses);
        }
    }
}
