using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>Where pages may go for which app.</summary>
[Trait("Category", BrowserHouse.Category)]
public sealed class AppAddressesTests(BrowserHouse house) : IClassFixture<BrowserHouse>
{
    [Fact]
    public async Task At_the_gateway_all_ports_of_the_sandbox_are_reached_and_none_of_another()
    {
        await house.RequireAsync();
        var image = (await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("browser"), OperationObserver.None, BrowserHouse.Cancellation)).Name;
        var app = await house.Manager.CreateAsync(new SandboxOptions { Image = image, Ports = [3000, 8000], Routing = HostRouting.Gateway, Private = true, Timeout = TimeSpan.FromMinutes(5) }, OperationObserver.None, BrowserHouse.Cancellation);
        var (url, destinations, token) = await AppAddresses.FindAsync(house.Manager, app, 8000, viaAgent: true, BrowserHouse.Cancellation);
        Assert.Equal($"8000-{app.ShortId}.localhost", url.Host);
        Assert.Equal(new PortAccess().TokenFor(app, 8000), token);

        bool MayReach(string host, int port) => destinations.Any(one => one.Matches(host, port));
        Assert.True(MayReach($"8000-{app.ShortId}.localhost", url.Port));
        Assert.True(MayReach($"3000-{app.ShortId}.localhost", url.Port));
        Assert.True(MayReach($"5173-{app.ShortId}.localhost", url.Port));
        Assert.False(MayReach($"8000-{app.ShortId}.localhost", url.Port + 1));
        Assert.False(MayReach("8000-0123456789ab.localhost", url.Port));
        Assert.False(MayReach($"x-{app.ShortId}.localhost", url.Port));
        Assert.False(MayReach($"-{app.ShortId}.localhost", url.Port));
        Assert.False(MayReach($"8000-0123456789ab.8000-{app.ShortId}.localhost", url.Port));
        Assert.False(MayReach("localhost", url.Port));

        // Each port's cookie goes to that port's name alone, and is no token.
        var cookies = AccessCookies.For(app, url);
        Assert.Equal([$"http://3000-{app.ShortId}.localhost:{url.Port}/", $"http://8000-{app.ShortId}.localhost:{url.Port}/"], cookies.Select(cookie => cookie.Url).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie => Assert.DoesNotContain(PortAccess.TokenPrefix, cookie.Value, StringComparison.Ordinal));
        Assert.Equal(2, cookies.Select(cookie => cookie.Value).Distinct().Count());
    }

    [Theory]
    [InlineData("example.com", false, "example.com", 443, true)]
    [InlineData("example.com", false, "example.com", 80, true)]
    [InlineData("example.com", false, "example.com", 8080, false)]
    [InlineData("example.com", false, "www.example.com", 443, false)]
    [InlineData("example.com", true, "www.example.com", 443, true)]
    [InlineData("example.com", true, "example.com", 443, false)]
    [InlineData("example.com", true, "badexample.com", 443, false)]
    public void Hosts_are_allowed_by_name_and_the_ports_of_the_web(string allowed, bool isBelow, string host, int port, bool expected) =>
        Assert.Equal(expected, new PageDestination { Host = allowed, IsBelow = isBelow, IsOpenOnly = true }.Matches(host, port));
}
