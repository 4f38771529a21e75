using System.Net;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Networks;

public sealed class SubnetRangeTests
{
    private static SubnetRange Range(string text) => SubnetRange.Parse("FLOURISHA_SUBNET_RANGE", text);

    [Fact]
    public void Every_subnet_is_given_once_and_lies_in_the_range()
    {
        var all = Range("10.213.4.0/24").FreeSubnets([]).ToList();
        Assert.Equal(32, all.Count);
        Assert.Equal(32, all.Distinct().Count());
        Assert.All(all, subnet => Assert.True(IPNetwork.Parse("10.213.4.0/24").Contains(subnet.BaseAddress)));
        Assert.All(all, subnet => Assert.Equal(29, subnet.PrefixLength));
    }

    [Fact]
    public void What_is_taken_is_left_out_whether_it_is_larger_or_smaller()
    {
        IPNetwork[] taken = [IPNetwork.Parse("10.213.0.0/27"), IPNetwork.Parse("10.213.0.40/32"), IPNetwork.Parse("192.168.0.0/16")];
        Assert.Equal(["10.213.0.32/29", "10.213.0.48/29", "10.213.0.56/29"], Range("10.213.0.0/26").FreeSubnets(taken).Select(subnet => subnet.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_route_to_everywhere_takes_everything() => Assert.Empty(Range("10.213.0.0/24").FreeSubnets([IPNetwork.Parse("0.0.0.0/0")]));

    [Fact]
    public void Choosers_begin_at_different_places() =>
        Assert.True(Enumerable.Range(0, 20).Select(_ => Range(SubnetRange.Default).FreeSubnets([]).First()).Distinct().Count() > 10);

    [Theory]
    [InlineData("10.213.0.0")]
    [InlineData("10.213.0.0/30")]
    [InlineData("10.0.0.0/7")]
    [InlineData("fd00::/64")]
    [InlineData("all")]
    [InlineData("")]
    public void What_is_no_range_is_refused(string text) =>
        Assert.Contains($"'{text}'", Failure.Expect(SandboxError.InvalidOption, () => Range(text)).Message);

    [Fact]
    public void The_settings_take_a_range_and_refuse_what_is_none()
    {
        Assert.Equal("10.9.0.0/20", SandboxSettings.FromEnvironment(name => name == "FLOURISHA_SUBNET_RANGE" ? "10.9.0.0/20" : null).SubnetRange);
        Assert.Equal(SubnetRange.Default, SandboxSettings.FromEnvironment(_ => null).SubnetRange);
        Failure.Expect(SandboxError.InvalidOption, () => SandboxSettings.FromEnvironment(name => name == "FLOURISHA_SUBNET_RANGE" ? "10.9.0.0" : null));
    }

    [Theory]
    [InlineData("10.213.0.3", 29, "10.213.0.1")]
    [InlineData("10.213.0.11", 29, "10.213.0.9")]
    [InlineData("172.23.4.5", 16, "172.23.0.1")]
    [InlineData("10.0.0.2", 31, null)]
    [InlineData("10.0.0.2", 0, null)]
    [InlineData("fd00::2", 64, null)]
    public void The_engine_has_the_first_address(string address, int prefix, string? expected) =>
        Assert.Equal(expected, SubnetRange.GatewayOf(IPAddress.Parse(address), prefix)?.ToString());

    [Fact]
    public void The_kernel_s_routes_are_read_without_the_default_one()
    {
        Assert.SkipUnless(BitConverter.IsLittleEndian, "the sample is from a little-endian kernel");
        const string Table = """
            Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
            eth0	00000000	0101A8C0	0003	0	0	0	00000000	0	0	0
            tun0	0000D50A	00000000	0001	0	0	0	0000FFFF	0	0	0
            eth0	0001A8C0	00000000	0001	0	0	0	00FFFFFF	0	0	0
            broken line
            """;
        Assert.Equal(["10.213.0.0/16", "192.168.1.0/24"], HostRoutes.Parse(Table).Select(route => route.ToString()));
    }
}
