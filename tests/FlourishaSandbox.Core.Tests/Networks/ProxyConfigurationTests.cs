using System.Net;
using FlourishaSandbox.Networks;

namespace FlourishaSandbox.Core.Tests.Networks;

public sealed class ProxyConfigurationTests
{
    private static readonly IPAddress s_proxy = IPAddress.Parse("10.213.0.2");
    private static readonly IPAddress s_sandbox = IPAddress.Parse("10.213.0.3");
    private static readonly IPAddress[] s_engine = [IPAddress.Parse("198.51.100.7"), IPAddress.Parse("2001:db8::7")];

    private static List<string> Squid(string[] allowed, string[] denied) =>
        [.. ProxyConfiguration.Squid(new EgressPolicy { ProxyImage = "proxy", Allowed = [.. allowed.Select(host => HostPattern.Parse("AllowHost", host))], Denied = [.. denied.Select(host => HostPattern.Parse("DenyHost", host))] }, s_proxy, s_sandbox, s_engine).Split('\n')];

    [Fact]
    public void Names_become_whole_expressions() =>
        Assert.Equal([@"acl denied dstdom_regex -n -i ^.+\.example\.com\.?$", @"acl allowed dstdom_regex -n -i ^registry\.npmjs\.org\.?$"],
            Squid(["Registry.npmjs.org"], ["*.example.com"]).Where(line => line.StartsWith("acl denied", StringComparison.Ordinal) || line.StartsWith("acl allowed", StringComparison.Ordinal)));

    [Fact]
    public void What_is_closed_is_refused_whatever_the_lists_say()
    {
        foreach (var lines in new[] { Squid(["example.com"], []), Squid([], ["example.com"]) })
        {
            Assert.Equal(1, lines.Count(line => line == "http_access allow sandbox"));
            Assert.True(lines.IndexOf("http_access deny closed") < lines.IndexOf("http_access allow sandbox"));
            Assert.True(lines.IndexOf("http_access deny address") < lines.IndexOf("http_access allow sandbox"));
            Assert.Equal(["acl closed dst 198.51.100.7/32", "acl closed dst 2001:db8::7/128"], lines.Where(line => line.Contains("198.51", StringComparison.Ordinal) || line.Contains("db8", StringComparison.Ordinal)));
        }
    }

    [Fact]
    public void An_empty_list_opens_and_closes_nothing()
    {
        Assert.DoesNotContain("http_access deny !allowed", Squid([], ["example.com"]));
        Assert.DoesNotContain("http_access deny denied", Squid(["example.com"], []));
        Assert.Contains("http_access deny !allowed", Squid(["example.com"], []));
    }

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("10.213.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("fd00::1", false)]
    [InlineData("172.32.0.1", true)]
    [InlineData("198.51.100.7", true)]
    [InlineData("2606:4700::1", true)]
    public void The_machine_itself_and_its_neighbours_are_closed_and_the_world_is_not(string address, bool isOpen) =>
        Assert.Equal(isOpen, ClosedAddresses.IsOpen(IPAddress.Parse(address)));

    [Fact]
    public async Task Of_the_engine_s_machine_only_what_is_open_has_to_be_named() =>
        Assert.All(await ClosedAddresses.OfEngineAsync(isLocal: true, "localhost", Docker.Limits.Token), address => Assert.True(ClosedAddresses.IsOpen(address)));

    [Fact]
    public void The_resolver_takes_the_same_addresses_out_of_every_answer()
    {
        var lines = ProxyConfiguration.Unbound(s_engine).Split('\n');
        foreach (var closed in ClosedAddresses.V4.Concat(ClosedAddresses.V6).Append("198.51.100.7/32"))
            Assert.Contains($"  private-address: {closed}", lines);
    }
}
