using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Networks;

/// <summary>The policies on a real engine: what a sandbox reaches, and how it is reached.</summary>
[Trait("Category", Engine.Category)]
public sealed class NetworkPolicyTests
{
    // A server that answers any request with one word, for an image that has Perl and no more.
    private const string Serve = """
        perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die; while ($c = $s->accept) { while (<$c>) { last if /^\r\n$/ } print $c "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"; close $c }'
        """;

    [Theory]
    [InlineData(NetworkPolicy.Internal)]
    [InlineData(NetworkPolicy.Dedicated)]
    public async Task A_server_is_reached_at_the_sandbox_s_own_address(NetworkPolicy network)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = network });
        Assert.Equal(network, sandbox.Network);
        await house.Manager.StartAsync(sandbox, new() { Command = Serve }, OperationObserver.None, Limits.Token);
        var address = house.Manager.Hosts.GetAddress(sandbox, 8000);
        Assert.False(address.Public);
        await house.Manager.Hosts.WaitAsync(address, "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Assert.Equal("hello", await client.GetStringAsync(address.Url, Limits.Token));
    }

    [Theory]
    [InlineData(NetworkPolicy.Isolated, true)]
    [InlineData(NetworkPolicy.Dedicated, true)]
    [InlineData(NetworkPolicy.Internal, false)]
    [InlineData(NetworkPolicy.None, false)]
    public async Task There_is_a_way_out_or_none(NetworkPolicy network, bool hasWayOut)
    {
        var mirror = await FindMirrorAsync();
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = network });
        Assert.Equal(hasWayOut, (await house.RunAsync(sandbox, $"timeout 5 bash -c '</dev/tcp/{mirror}/80'")).ExitCode == 0);
        Assert.Equal(network == NetworkPolicy.None ? "lo" : "eth0 lo", await house.ShellAsync(sandbox, "ls /sys/class/net | sort | xargs"));
    }

    [Fact]
    public async Task Without_a_way_out_names_are_not_asked_for_either()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.Internal });
        var isolated = await house.CreateAsync();
        var name = (await house.RunAsync(isolated, "getent hosts deb.debian.org")).ExitCode;
        Assert.SkipUnless(name == 0, "the engine's resolver does not answer here, so there is nothing to keep from it");
        Assert.NotEqual(0, (await house.RunAsync(sandbox, "getent hosts deb.debian.org")).ExitCode);
    }

    [Theory]
    [InlineData(NetworkPolicy.Internal, "straight")]
    [InlineData(NetworkPolicy.Dedicated, "straight")]
    [InlineData(NetworkPolicy.None, "relay")]
    public async Task The_agent_is_reached_by_the_best_way_that_there_is(NetworkPolicy network, string way)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = network });
        var observer = new RecordingObserver();
        Assert.Equal(0, (await house.Manager.RunAsync(sandbox, new() { Command = "true" }, input: null, observer, Limits.Token)).ExitCode);
        Assert.Contains(observer.Messages, line => line.Contains(way, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Sandboxes_without_a_way_out_do_not_reach_each_other()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var one = await house.CreateAsync(options => options with { Network = NetworkPolicy.Internal });
        var other = await house.CreateAsync(options => options with { Network = NetworkPolicy.Internal });
        await house.Manager.StartAsync(other, new() { Command = Serve }, OperationObserver.None, Limits.Token);
        await house.Manager.Hosts.WaitAsync(house.Manager.Hosts.GetAddress(other, 8000), "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);
        Assert.Contains("open", await house.ShellAsync(other, $"timeout 3 bash -c '</dev/tcp/{other.Address}/8000' && echo open"));
        Assert.NotEqual(0, (await house.RunAsync(one, $"timeout 3 bash -c '</dev/tcp/{other.Address}/8000'")).ExitCode);
    }

    [Fact]
    public async Task Without_a_network_no_port_is_published_and_that_is_said()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.None });
        Assert.Empty(sandbox.Ports);
        var failure = Failure.Expect(SandboxError.PortNotReachable, () => house.Manager.Hosts.GetAddress(sandbox, 8000));
        Assert.Contains("no network", failure.Message);
        Assert.Contains("-Network Internal", failure.Remedy);
    }

    [Fact]
    public async Task A_dedicated_network_goes_with_its_sandbox_whoever_removes_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated, Ports = [8000] });
        var network = Assert.Single(await NetworksAsync(house, sandbox));
        Assert.Equal(29, IPNetwork.Parse(network.IPAM!.Config![0].Subnet!).PrefixLength);
        Assert.True(IPNetwork.Parse(SubnetRange.Default).Contains(sandbox.Address!));
        Assert.StartsWith(DedicatedNetworks.BridgePrefix, DedicatedNetworks.BridgeOf(network), StringComparison.Ordinal);
        Assert.NotNull(sandbox.Ports[0].HostPort);

        // Another process, which knows no more than the labels say.
        using var other = new SandboxManager(DockerRuntime.Connect(), house.Settings);
        await other.RemoveAsync(await other.GetAsync(new SandboxReference(sandbox.Name), Limits.Token), OperationObserver.None, Limits.Token);
        Assert.Empty(await NetworksAsync(house, sandbox));
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token); // again, which is no error
    }

    [Fact]
    public async Task Many_at_once_get_subnets_of_their_own()
    {
        // Exactly as many as there is room for, so that they are bound to meet.
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { SubnetRange = "10.214.7.0/27" });
        await house.LearnAsync();
        var sandboxes = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated })));
        Assert.Equal(4, sandboxes.Select(sandbox => sandbox.Gateway).Distinct().Count());

        var failure = await Failure.ExpectAsync(SandboxError.EngineFailed, () => house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated }));
        Assert.Contains("10.214.7.0/27", failure.Message);
        Assert.Equal(4 * 2, (await house.LeftoversAsync()).Count);
    }

    [Fact]
    public async Task A_network_whose_sandbox_is_gone_is_stale_and_can_be_removed()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated });
        Assert.DoesNotContain(await house.Manager.Networks.ListStaleAsync(Limits.Token), network => network.SandboxName == sandbox.Name);

        await house.Client.Containers.RemoveAsync(sandbox.Id, force: true, removeVolumes: true, Limits.Token);
        var stale = Assert.Single(await house.Manager.Networks.ListStaleAsync(Limits.Token), network => network.SandboxName == sandbox.Name);
        Assert.Equal(house.Settings.Owner, stale.Owner);
        await house.Manager.Networks.RemoveAsync(stale, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.LeftoversAsync());
        await house.Manager.Networks.RemoveAsync(stale, OperationObserver.None, Limits.Token); // again, which is no error
    }

    [Theory]
    [InlineData("POST /networks/create")]
    [InlineData("POST /containers/create")]
    [InlineData("POST /containers/[^/]+/start")]
    public async Task A_creation_that_loses_its_engine_leaves_no_network(string step)
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        await house.LearnAsync();
        proxy.Always(step, request => request.CutMeanwhileAsync());
        await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated }));
        proxy.Calm();
        Assert.Empty(await house.LeftoversAsync());
    }

    // A machine outside that this one reaches; there is no other way to tell a way out from none.
    private static async Task<IPAddress> FindMirrorAsync()
    {
        try
        {
            var address = (await Dns.GetHostAddressesAsync("deb.debian.org", AddressFamily.InterNetwork, Limits.Token))[0];
            using var client = new TcpClient();
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            await client.ConnectAsync(address, 80, limit.Token);
            return address;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            Assert.Skip($"deb.debian.org cannot be reached from here, so nothing tells a way out from none: {e.Message}");
            throw;
        }
    }

    private static async Task<IReadOnlyList<NetworkInspection>> NetworksAsync(SandboxHouse house, Sandbox sandbox) =>
        await house.Client.Networks.ListAsync(new DockerFilters().Add("label", $"{SandboxLabels.Creation}={sandbox.Creation}"), Limits.Token);
}
