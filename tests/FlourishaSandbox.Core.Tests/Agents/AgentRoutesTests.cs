using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Agents;

public sealed class AgentRoutesTests
{
    private static readonly DockerEndpoint s_local = DockerEndpoint.Resolve("unix:///var/run/docker.sock");
    private static readonly DockerEndpoint s_remote = DockerEndpoint.Resolve("tcp://192.0.2.1:2375");

    private static AgentAddress Address(string? ip = "192.0.2.9", string? gateway = "127.0.0.1", string? published = null) => new()
    {
        Version = "1.0.0",
        Creation = "one",
        Ip = ip is null ? null : IPAddress.Parse(ip),
        Gateway = gateway is null ? null : IPAddress.Parse(gateway),
        Published = published is null ? null : IPEndPoint.Parse(published),
    };

    [Fact]
    public void An_engine_beside_us_is_reached_straight_then_by_its_port_then_by_relay()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere containers are in a virtual machine");
        var routes = AgentRoutes.For(s_local, Address(published: "127.0.0.1:40000")).ToList();
        Assert.Equal([AgentRouteKind.Direct, AgentRouteKind.Published, AgentRouteKind.Relay], routes.Select(route => route.Kind));
        Assert.Equal(("192.0.2.9", 49983), (routes[0].Host, routes[0].Port));
        Assert.Equal(("127.0.0.1", 40000), (routes[1].Host, routes[1].Port));
    }

    [Fact]
    public void An_engine_in_a_virtual_machine_is_not_reached_straight() =>
        Assert.Equal([AgentRouteKind.Published, AgentRouteKind.Relay], AgentRoutes.For(s_local, Address(gateway: "192.0.2.1", published: "127.0.0.1:40000")).Select(route => route.Kind));

    [Fact]
    public void A_sandbox_without_a_network_is_reached_by_relay() =>
        Assert.Equal(AgentRouteKind.Relay, Assert.Single(AgentRoutes.For(s_local, Address(ip: null, gateway: null))).Kind);

    [Fact]
    public void An_engine_elsewhere_is_reached_by_relay() =>
        Assert.Equal(AgentRouteKind.Relay, Assert.Single(AgentRoutes.For(s_remote, Address(published: "127.0.0.1:40000"))).Kind);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Where_containers_are_not_reached_the_agent_s_port_is_published_on_loopback_only(bool isPublished)
    {
        var specification = new SandboxSpecification
        {
            Name = "one",
            Image = "image:1",
            Owner = "me@here",
            CreatedAt = TestData.Now,
            Limits = ResourceLimits.Default,
            Ports = [8000],
            PublishAddress = "0.0.0.0",
        };
        var request = SandboxMapping.ToContainer(specification, "creation", new NetworkFacts("network", GrantsOpenFiles: true, Gateway: null), new AgentPlacement("1.0.0", "volume", "hash", isPublished));

        Assert.Equal(isPublished ? ["49983/tcp", "8000/tcp"] : ["8000/tcp"], request.HostConfig!.PortBindings!.Keys.Order(StringComparer.Ordinal));
        Assert.Equal("0.0.0.0", Assert.Single(request.HostConfig.PortBindings["8000/tcp"]!).HostIp);
        if (isPublished)
            Assert.Equal("127.0.0.1", Assert.Single(request.HostConfig.PortBindings["49983/tcp"]!).HostIp);
    }

    [Theory]
    [InlineData("linux", "amd64", "linux-x64")]
    [InlineData("linux", "arm64", "linux-arm64")]
    [InlineData("linux", "riscv64", null)]
    [InlineData("windows", "amd64", null)]
    public void An_image_s_platform_decides_which_agent_it_gets(string os, string architecture, string? folder)
    {
        var root = Directory.CreateTempSubdirectory("flourisha-test-");
        try
        {
            foreach (var place in (string[])["linux-x64", "linux-arm64"])
            {
                root.CreateSubdirectory(place);
                File.WriteAllText(Path.Combine(root.FullName, place, "flourisha-agent"), place);
                File.WriteAllText(Path.Combine(root.FullName, place, "digest"), "AB12\n");
            }

            var agent = AgentBinary.Find(root.FullName, os, architecture);
            Assert.Equal(folder, agent is null ? null : File.ReadAllText(agent.Path));
            Assert.Equal(folder is null ? null : "ab12", agent?.Digest);
        }
        finally
        {
            root.Delete(recursive: true);
        }
    }
}
