using System.Net;
using FlourishaSandbox.Agent;

namespace FlourishaSandbox.Agent.Tests;

public sealed class NetworkGreetingTests
{
    [Fact]
    public void The_gateway_is_that_of_the_default_route()
    {
        Assert.SkipUnless(BitConverter.IsLittleEndian, "the example is of a little-endian processor");
        string[] table =
        [
            "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
            "eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0",
            "eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0",
        ];
        Assert.Equal(IPAddress.Parse("172.17.0.1"), NetworkGreeting.FindGateway(table));
    }

    [Fact]
    public void Without_a_default_route_there_is_none() => Assert.Null(NetworkGreeting.FindGateway(["Iface\tDestination\tGateway"]));
}
