using System.Net;
using System.Net.WebSockets;
using System.Text;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>Who is let in to a private port, and with what.</summary>
public sealed class PrivatePortTests(GatewayHouse house) : GatewayTests(house)
{
    private string Link(TimeSpan validFor, int port = GatewayHouse.Port) => House.Access.LinkFor(House.Closed, port, DateTimeOffset.UtcNow + validFor);

    private string Outside => $"{GatewayHouse.HostOf(House.Closed)}:{House.Gateway.Port}";

    private async Task<HttpResponseMessage> AskAsync(string path, params (string Name, string Value)[] headers)
    {
        using var client = House.ClientOf(House.Closed);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);

        return await client.SendAsync(request, Limits.Token);
    }

    [Theory]
    [InlineData(PortAccess.TokenHeader)]
    [InlineData("x-access-token")]
    [InlineData(PortAccess.TrafficTokenHeader)]
    public async Task A_token_opens_it_and_does_not_reach_the_app(string header)
    {
        using var answer = await AskAsync("/head", (header, House.Token));
        var head = await answer.Content.ReadAsStringAsync(Limits.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.StartsWith("GET /head HTTP/1.1\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("fsp_", head, StringComparison.Ordinal);
        Assert.DoesNotContain("token", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_link_is_exchanged_for_a_cookie_and_the_same_address_without_it()
    {
        var link = Link(TimeSpan.FromMinutes(5));
        using var exchanged = await AskAsync($"/head?a=1&{PortAccess.LinkParameter}={link}&b=2");
        Assert.Equal(HttpStatusCode.SeeOther, exchanged.StatusCode);
        Assert.Equal($"http://{Outside}/head?a=1&b=2", exchanged.Headers.Location?.OriginalString);
        Assert.Equal("no-referrer", exchanged.Headers.GetValues("Referrer-Policy").Single());
        var cookie = exchanged.Headers.GetValues("Set-Cookie").Single();
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("max-age=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);

        using var answer = await AskAsync("/head?a=1&b=2", ("Cookie", $"mine=1; {cookie.Split(';')[0]}; other=2"));
        var head = await answer.Content.ReadAsStringAsync(Limits.Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("\r\nCookie: mine=1; other=2\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain(link, head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cookie_does_not_count_for_what_other_pages_ask()
    {
        var cookie = ("Cookie", $"{PortAccess.CookieName}={Link(TimeSpan.FromMinutes(5))}");
        foreach (var headers in ((string, string)[][])[
            [("Origin", "http://evil.example")], [("Origin", "null")], [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "no-cors")],
            [("Sec-Fetch-Site", "same-site"), ("Sec-Fetch-Mode", "cors"), ("Origin", $"http://8000-0123456789ab.localhost:{House.Gateway.Port}")]])
        {
            using var refused = await AskAsync("/", [cookie, .. headers]);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        foreach (var headers in ((string, string)[][])[
            [("Origin", $"http://{Outside}")], [("Sec-Fetch-Site", "same-origin")], [("Sec-Fetch-Site", "none")], [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]])
        {
            using var granted = await AskAsync("/", [cookie, .. headers]);
            Assert.Equal(HttpStatusCode.OK, granted.StatusCode);
        }
    }

    [Fact]
    public async Task A_socket_is_opened_by_a_token_a_cookie_or_a_link_and_by_nothing_else()
    {
        foreach (var (query, header) in ((string, (string, string)?)[])[
            ("", (PortAccess.TokenHeader, House.Token)),
            ("", ("Cookie", $"{PortAccess.CookieName}={Link(TimeSpan.FromMinutes(5))}")),
            ($"?{PortAccess.LinkParameter}={Link(TimeSpan.FromMinutes(5))}", null)])
        {
            using var socket = new ClientWebSocket();
            if (header is var (name, value))
                socket.Options.SetRequestHeader(name, value);

            await ConnectAsync(socket, query);
            await socket.SendAsync("hello"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, Limits.Token);
            var buffer = new byte[16];
            var received = await socket.ReceiveAsync(buffer, Limits.Token);
            Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, received.Count));
        }

        foreach (var header in ((string, string)?[])[null, (PortAccess.TokenHeader, House.Access.TokenFor(House.Closed, 1)), ("Cookie", $"{PortAccess.CookieName}=1.ff")])
        {
            using var socket = new ClientWebSocket();
            if (header is var (name, value))
                socket.Options.SetRequestHeader(name, value);

            socket.Options.CollectHttpResponseDetails = true;
            await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(socket, ""));
            Assert.Equal(header is null ? HttpStatusCode.NotFound : HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        }
    }

    [Fact]
    public async Task What_is_anothers_or_has_ended_opens_nothing()
    {
        var access = House.Access;
        var right = House.Token;
        foreach (var shown in (string[])[
            access.TokenFor(House.Open, GatewayHouse.Port), access.TokenFor(House.Closed, GatewayHouse.LoopbackPort), right[..^1], right + "0", right.ToUpperInvariant(),
            $"Bearer {right}", $"{right},{right}", "fsp_", "x", Link(TimeSpan.FromMinutes(5))])
        {
            using var answer = await AskAsync("/", (PortAccess.TokenHeader, shown));
            Assert.True(answer.StatusCode == HttpStatusCode.Unauthorized, $"'{shown}' is answered with {answer.StatusCode}");
        }

        var good = Link(TimeSpan.FromMinutes(5));
        foreach (var link in (string[])[
            Link(-TimeSpan.FromMinutes(1)), Link(TimeSpan.FromMinutes(5), GatewayHouse.LoopbackPort), access.LinkFor(House.Open, GatewayHouse.Port, DateTimeOffset.UtcNow.AddMinutes(5)),
            "9" + good, good[..^1], good.ToUpperInvariant(), "99999999999999999999.ff", "-1.ff", ".", "", right])
        {
            using var byLink = await AskAsync($"/?{PortAccess.LinkParameter}={link}");
            using var byCookie = await AskAsync("/", ("Cookie", $"{PortAccess.CookieName}={link}"));
            Assert.True((byLink.StatusCode, byCookie.StatusCode) == (HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), $"'{link}' is answered with {byLink.StatusCode} and {byCookie.StatusCode}");
        }
    }

    [Fact]
    public async Task Ports_that_nobody_named_are_private_where_others_reach_the_gateway()
    {
        await using var gateway = await GatewayProcess.StartAsync("--domain", "sandboxes.example.com");
        using var named = House.ClientOf(House.Open, gateway: gateway);
        Assert.Equal("hello from 8000", await named.GetStringAsync("/", Limits.Token));
        using var byDomain = Clients.Create(gateway, $"8000-{House.Open.ShortId}.sandboxes.example.com");
        Assert.Equal("hello from 8000", await byDomain.GetStringAsync("/", Limits.Token));

        using var unnamed = House.ClientOf(House.Open, GatewayHouse.SilentPort, gateway: gateway);
        using var unseen = await unnamed.GetAsync("/", Limits.Token);
        Assert.Equal(HttpStatusCode.NotFound, unseen.StatusCode);
        using var shown = House.ClientOf(House.Open, GatewayHouse.SilentPort, House.Access.TokenFor(House.Open, GatewayHouse.SilentPort), gateway);
        using var seen = await shown.GetAsync("/", Limits.Token);
        Assert.Equal(HttpStatusCode.BadGateway, seen.StatusCode);
    }

    [Fact]
    public async Task The_programs_own_words_have_no_secret_in_them()
    {
        using var byToken = await AskAsync("/", (PortAccess.TokenHeader, House.Token));
        using var byLink = await AskAsync($"/?{PortAccess.LinkParameter}={Link(TimeSpan.FromMinutes(5))}");
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.SeeOther), (byToken.StatusCode, byLink.StatusCode));
        Assert.DoesNotContain("fsp_", House.Gateway.Words, StringComparison.Ordinal);
        Assert.DoesNotContain(PortAccess.LinkParameter, House.Gateway.Words, StringComparison.Ordinal);
    }

    private async Task ConnectAsync(ClientWebSocket socket, string query)
    {
        using var invoker = new HttpMessageInvoker(Clients.CreateHandler(House.Gateway));
        await socket.ConnectAsync(new Uri($"ws://{Outside}/socket{query}"), invoker, Limits.Token);
    }
}
