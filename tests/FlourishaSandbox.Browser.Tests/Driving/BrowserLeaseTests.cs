using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Tests.Driving;

[Trait("Category", BrowserHouse.Category)]
public sealed class BrowserLeaseTests(BrowserHouse house) : IClassFixture<BrowserHouse>
{
    private const string Server = """
        use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8123, Listen => 50, ReuseAddr => 1) or die;
        while (my $c = $l->accept) { my $first = <$c>; while (<$c>) { last if /^\r?$/ } my $b = "<title>inside</title><h1>hello from inside</h1>"; print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " . length($b) . "\r\n\r\n$b"; close $c }
        """;

    [Fact]
    public async Task A_page_reaches_an_app_that_has_no_network_and_nothing_else()
    {
        await house.RequireAsync();
        using var elsewhere = new SmallSite("<h1>secret</h1>");
        var image = (await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("browser"), OperationObserver.None, BrowserHouse.Cancellation)).Name;
        var app = await house.Manager.CreateAsync(new SandboxOptions { Image = image, Network = NetworkPolicy.None, Timeout = TimeSpan.FromMinutes(10) }, OperationObserver.None, BrowserHouse.Cancellation);
        await house.Manager.Processes.StartAsync(app, new CommandRequest { Command = "perl", Arguments = ["-e", Server] }, new ProcessOptions(), OperationObserver.None, BrowserHouse.Cancellation);

        await using var lease = await BrowserLease.TakeAsync(house.Manager, BrowserKind.Sandbox, OperationObserver.None, BrowserHouse.Cancellation);
        var url = await lease.ReachAsync(app, 8123, BrowserHouse.Cancellation);
        await using var context = await lease.NewContextAsync(new BrowserNewContextOptions(), BrowserHouse.Cancellation);
        var page = await context.NewPageAsync();
        IResponse? response = null;
        for (var attempt = 0; response is null && attempt < 50; attempt++)
        {
            try
            {
                response = await page.GotoAsync(url.ToString());
            }
            catch (PlaywrightException) when (attempt < 49)
            {
                await Task.Delay(100, BrowserHouse.Cancellation); // the server is only starting
            }
        }

        Assert.Equal(200, response!.Status);
        Assert.Equal("hello from inside", await page.InnerTextAsync("h1"));

        // This machine's loopback, the browser's own port, the clouds' address, and the internet: all by the very page that may reach the app.
        foreach (var target in (string[])[elsewhere.Url, "http://127.0.0.1:9222/json/version", "http://169.254.169.254/latest/meta-data/", "http://example.com/"])
        {
            var failure = await Assert.ThrowsAsync<PlaywrightException>(() => page.GotoAsync(target));
            Assert.Contains("ERR_SOCKS_CONNECTION_FAILED", failure.Message, StringComparison.Ordinal);
            Assert.Contains("may not", lease.RefusalOf(new Uri(target).Host, new Uri(target).Port), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_does_not_know_the_secret_does_not_drive_the_browser()
    {
        await house.RequireAsync();
        var (sandbox, path) = await new BrowserSandboxes(house.Manager).EnsureAsync(OperationObserver.None, BrowserHouse.Cancellation);
        await using var door = new BrowserDoor(house.Manager.Ports, sandbox, path);
        var known = new Uri(door.Url);
        Assert.Equal("127.0.0.1", known.Host);
        foreach (var guess in (string[])["/", path, known.AbsolutePath[..^1] + "x"])
        {
            using var socket = new System.Net.WebSockets.ClientWebSocket();
            await Assert.ThrowsAsync<System.Net.WebSockets.WebSocketException>(() => socket.ConnectAsync(new Uri(known, guess), BrowserHouse.Cancellation));
        }

        using var right = new System.Net.WebSockets.ClientWebSocket();
        await right.ConnectAsync(known, BrowserHouse.Cancellation);
        Assert.Equal(System.Net.WebSockets.WebSocketState.Open, right.State);
    }

    [Fact]
    public async Task The_browser_is_started_once_and_found_again()
    {
        await house.RequireAsync();
        var browsers = new BrowserSandboxes(house.Manager);
        var both = await Task.WhenAll(browsers.EnsureAsync(OperationObserver.None, BrowserHouse.Cancellation), new BrowserSandboxes(house.Manager).EnsureAsync(OperationObserver.None, BrowserHouse.Cancellation));
        Assert.Equal(both[0].Path, both[1].Path);
        Assert.Equal(both[0].Sandbox.Id, both[1].Sandbox.Id);
        Assert.Equal(NetworkPolicy.Internal, both[0].Sandbox.Network);
        Assert.Empty(both[0].Sandbox.Ports);
    }
}
