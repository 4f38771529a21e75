using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Links that open private ports in a browser.</summary>
public sealed class HostLinkTests
{
    private static HostAddress Address(string? token = "fsp_00", HostRouting routing = HostRouting.Gateway) => new()
    {
        Sandbox = TestData.Sandbox("a", routing: routing),
        Port = 8000,
        Url = new Uri("http://8000-aaaaaaaaaaaa.localhost:8080/"),
        Routing = routing,
        Public = false,
        Token = token,
    };

    [Theory]
    [InlineData("/", "/?flourisha_link=")]
    [InlineData("/a/b?c=1&d=%2F", "/a/b?c=1&d=%2F&flourisha_link=")]
    [InlineData("a", "/a?flourisha_link=")]
    public void It_leads_to_a_path_and_ends_when_it_is_to(string path, string expected)
    {
        var address = HostLink.AddTo(Address(), path, TimeSpan.FromHours(2));
        Assert.StartsWith($"http://8000-aaaaaaaaaaaa.localhost:8080{expected}", address.Link?.AbsoluteUri, StringComparison.Ordinal);

        var shown = address.Link!.Query[(address.Link.Query.IndexOf("flourisha_link=", StringComparison.Ordinal) + "flourisha_link=".Length)..];
        var expiry = new PortAccess().ReadLink(address.Sandbox.Id, 8000, shown, DateTimeOffset.UtcNow);
        Assert.InRange(expiry!.Value, DateTimeOffset.UtcNow.AddMinutes(110), DateTimeOffset.UtcNow.AddMinutes(120));
    }

    [Fact]
    public void Where_nothing_has_to_be_shown_it_is_the_address() =>
        Assert.Equal("http://8000-aaaaaaaaaaaa.localhost:8080/a?b", HostLink.AddTo(Address(token: null), "/a?b", HostLink.DefaultSpan).Link?.AbsoluteUri);

    [Theory]
    [InlineData(HostRouting.Port)]
    [InlineData(HostRouting.Traefik)]
    public void Only_the_gateway_knows_links(HostRouting routing) =>
        Failure.Expect(SandboxError.InvalidOption, () => HostLink.AddTo(Address(routing: routing), "/", HostLink.DefaultSpan));

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("http://evil.example/")]
    [InlineData("https://8000-aaaaaaaaaaaa.localhost:8080/")]
    public void It_leads_nowhere_else(string path) => Failure.Expect(SandboxError.InvalidOption, () => HostLink.AddTo(Address(), path, HostLink.DefaultSpan));

    [Fact]
    public void It_is_good_for_a_while()
    {
        foreach (var span in (TimeSpan[])[TimeSpan.Zero, TimeSpan.FromSeconds(-1), Timeout.InfiniteTimeSpan, HostLink.LongestSpan + TimeSpan.FromSeconds(1), TimeSpan.MaxValue])
            Failure.Expect(SandboxError.InvalidOption, () => HostLink.AddTo(Address(), "/", span));

        Assert.NotNull(HostLink.AddTo(Address(), "/", HostLink.LongestSpan).Link);
    }
}
