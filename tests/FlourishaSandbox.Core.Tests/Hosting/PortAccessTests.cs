using FlourishaSandbox.Agents;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Who may use a port.</summary>
public sealed class PortAccessTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("flourisha-test-").FullName;

    private PortAccess Access => new(new AgentKey(Path.Combine(_folder, "key")));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_token_is_of_one_user_one_sandbox_and_one_port()
    {
        var (mine, other) = (TestData.Sandbox("a"), TestData.Sandbox("b", new string('b', 64)));
        var token = Access.TokenFor(mine, 8000);

        Assert.StartsWith(PortAccess.TokenPrefix, token, StringComparison.Ordinal);
        Assert.True(Access.IsToken(mine.Id, 8000, token));
        Assert.False(Access.IsToken(mine.Id, 8001, token));
        Assert.False(Access.IsToken(other.Id, 8000, token));
        Assert.False(Access.IsToken(mine.Id, 8000, ""));
        Assert.False(Access.IsToken(mine.Id, 8000, token.ToUpperInvariant()));
        Assert.False(new PortAccess(new AgentKey(Path.Combine(_folder, "another"))).IsToken(mine.Id, 8000, token));
    }

    [Fact]
    public void A_link_ends()
    {
        var sandbox = TestData.Sandbox("a");
        var link = Access.LinkFor(sandbox, 8000, s_now.AddHours(1));

        Assert.Equal(s_now.AddHours(1), Access.ReadLink(sandbox.Id, 8000, link, s_now));
        Assert.Null(Access.ReadLink(sandbox.Id, 8000, link, s_now.AddHours(1)));
        Assert.Null(Access.ReadLink(sandbox.Id, 8001, link, s_now));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("1")]
    [InlineData("-1.00")]
    [InlineData("99999999999999999999.00")]
    [InlineData("9223372036854775807.00")]
    public void What_is_no_link_is_none(string shown) => Assert.Null(Access.ReadLink(TestData.Sandbox("a").Id, 8000, shown, s_now));

    [Fact]
    public void A_link_cannot_be_given_more_time()
    {
        var sandbox = TestData.Sandbox("a");
        var signature = Access.LinkFor(sandbox, 8000, s_now.AddHours(1)).Split('.')[1];

        Assert.Null(Access.ReadLink(sandbox.Id, 8000, $"{s_now.AddYears(1).ToUnixTimeSeconds()}.{signature}", s_now));
    }

    [Theory]
    [InlineData("127.0.0.1", null, null, false)]
    [InlineData("127.0.0.1", "localhost", null, false)]
    [InlineData("::1", "sandboxes.localhost", null, false)]
    [InlineData("0.0.0.0", null, null, true)]
    [InlineData("127.0.0.1", "sandboxes.example.com", null, true)]
    [InlineData("127.0.0.1", null, "https://sandboxes.example.com", true)]
    public void A_gateway_with_a_name_is_for_others_too(string address, string? domain, string? url, bool expected)
    {
        var settings = new SandboxSettings { Domain = domain, Gateway = new GatewaySettings { Address = address, Url = url is null ? null : new Uri(url) } };

        Assert.Equal(expected, GatewayAddress.IsExposed(settings));
    }

    [Theory]
    [InlineData(null, null, null, "http://8000-{id}.localhost:8080/")]
    [InlineData("sandboxes.example.com", null, null, "http://8000-{id}.sandboxes.example.com:8080/")]
    [InlineData("sandboxes.example.com", null, "/c.pem", "https://8000-{id}.sandboxes.example.com:8080/")]
    [InlineData("sandboxes.example.com", "https://apps.example.com", null, "https://8000-{id}.apps.example.com/")]
    public void A_port_has_a_name_of_its_own(string? domain, string? url, string? certificate, string expected)
    {
        var sandbox = TestData.Sandbox("a");
        var settings = new SandboxSettings { Domain = domain, Gateway = new GatewaySettings { Url = url is null ? null : new Uri(url), Certificate = certificate } };

        Assert.Equal(expected.Replace("{id}", sandbox.ShortId, StringComparison.Ordinal), GatewayAddress.UrlFor(settings, sandbox, 8000).ToString());
    }
}
