using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

public sealed class HostRouterTests
{
    private static readonly SandboxPort s_loopback = new(8000, "127.0.0.1", 32768);

    private static HostAddress Address(SandboxPort port, bool isLocal = true, string engine = "localhost", string? hostName = null, int? wanted = null)
    {
        using var runtime = new FakeRuntime { IsLocal = isLocal, HostName = engine };
        return new HostRouter(runtime, new SandboxSettings { HostName = hostName }).GetAddress(TestData.Sandbox(ports: [port]), wanted);
    }

    [Theory]
    [InlineData("127.0.0.1", true, null, "http://127.0.0.1:32768/", false)]
    [InlineData("::1", true, null, "http://[::1]:32768/", false)]
    [InlineData("127.0.0.1", true, "box.lan", "http://box.lan:32768/", false)]
    [InlineData("127.0.0.1", false, "tunnel.lan", "http://tunnel.lan:32768/", false)]
    [InlineData("0.0.0.0", false, null, "http://engine.lan:32768/", true)]
    [InlineData("::", false, null, "http://engine.lan:32768/", true)]
    [InlineData("0.0.0.0", false, "box.lan", "http://box.lan:32768/", true)]
    [InlineData("10.1.2.3", false, null, "http://10.1.2.3:32768/", true)]
    [InlineData("10.1.2.3", true, null, "http://10.1.2.3:32768/", true)]
    [InlineData("fd00::1", false, null, "http://[fd00::1]:32768/", true)]
    public void A_port_is_reached_where_it_is_published(string published, bool isLocal, string? hostName, string expected, bool isPublic)
    {
        var address = Address(s_loopback with { HostAddress = published }, isLocal, "engine.lan", hostName);
        Assert.Equal((expected, 8000, isPublic, false), (address.Url.ToString(), address.Port, address.Public, address.Ready));
    }

    [Fact]
    public void What_is_published_for_everybody_is_not_called_localhost() =>
        Assert.Equal(Dns.GetHostName(), Address(s_loopback with { HostAddress = "0.0.0.0" }).Url.Host, ignoreCase: true);

    [Fact]
    public void A_loopback_port_of_another_machine_is_said_to_be_out_of_reach()
    {
        var failure = Failure.Expect(SandboxError.PortNotReachable, () => Address(s_loopback, isLocal: false, engine: "engine.lan"));
        Assert.Contains("engine.lan", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FLOURISHA_PUBLISH_ADDRESS", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_is_not_published_is_told_with_those_that_are()
    {
        var failure = Failure.Expect(SandboxError.PortNotReachable, () => Address(s_loopback, wanted: 9000));
        Assert.Contains("9000", failure.Message, StringComparison.Ordinal);
        Assert.Contains("8000", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(SandboxState.Stopped)]
    [InlineData(SandboxState.Created)]
    [InlineData(SandboxState.Dead)]
    public void A_sandbox_that_does_not_run_has_no_addresses(SandboxState state)
    {
        using var runtime = new FakeRuntime();
        var router = new HostRouter(runtime, new SandboxSettings());
        Failure.Expect(SandboxError.SandboxNotRunning, () => router.GetAddress(TestData.Sandbox(state: state, ports: s_loopback), null));
    }

    [Fact]
    public void Without_a_wish_the_first_published_port_is_meant()
    {
        using var runtime = new FakeRuntime();
        var router = new HostRouter(runtime, new SandboxSettings());
        var sandbox = TestData.Sandbox(ports: [new SandboxPort(80, null, null), new SandboxPort(3000, "127.0.0.1", 1), s_loopback]);
        Assert.Equal(3000, router.GetAddress(sandbox, null).Port);
        Failure.Expect(SandboxError.PortNotReachable, () => router.GetAddress(TestData.Sandbox(), null));
    }
}
