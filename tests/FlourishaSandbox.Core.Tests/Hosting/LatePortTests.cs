using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Ports that were not named when a sandbox was made, on a real engine.</summary>
public sealed class LatePortTests
{
    private const int Port = 8000;

    private static Task<HostAddress> AskAsync(SandboxHouse house, Sandbox sandbox, int port = Port) => house.Manager.Hosts.GetAddressAsync(sandbox, port, OperationObserver.None, Limits.Token);

    private static async Task ServeAsync(SandboxHouse house, Sandbox sandbox, int port = Port) =>
        await house.Manager.Processes.StartAsync(sandbox, new() { Command = TestServers.Hello(port) }, new(), OperationObserver.None, Limits.Token);

    private static string Ask(string host) => $"timeout 3 bash -c 'exec 3<>/dev/tcp/{host}/{Port}; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'";

    private static async Task<string> GetAsync(HostAddress address)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        return await client.GetStringAsync(address.Url, Limits.Token);
    }

    private static Task<HostAddress> WaitAsync(SandboxHouse house, HostAddress address) => house.Manager.Hosts.WaitAsync(address, "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);

    private static Task<IReadOnlyList<ContainerSummary>> ForwardersAsync(SandboxHouse house, Sandbox sandbox) =>
        house.Client.Containers.ListAsync(all: true, new DockerFilters().Add("label", "flourisha.sandbox=forwarder").Add("label", $"flourisha.creation={sandbox.Creation}"), Limits.Token);

    [Fact]
    public async Task A_port_that_was_not_named_is_published_and_goes_with_its_sandbox()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await ServeAsync(house, sandbox);
        var address = await AskAsync(house, sandbox);
        Assert.Equal(("127.0.0.1", false), (address.Url.Host, address.Public));
        Assert.NotEqual(Port, address.Url.Port);
        await WaitAsync(house, address);
        Assert.Equal("hello", await GetAsync(address));
        Assert.Equal(address.Url, (await AskAsync(house, await house.AgainAsync(sandbox))).Url);
        Assert.Single(await ForwardersAsync(house, sandbox));

        // The object is older than the forwarder, and it goes all the same.
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task Whoever_asks_at_the_same_time_gets_the_same_address()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        using var others = new SandboxManager(DockerRuntime.Connect(endpoint: null, Repository.Agents), house.Settings);
        var addresses = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? house.Manager : others).Hosts.GetAddressAsync(sandbox, Port, OperationObserver.None, Limits.Token)));
        Assert.Single(addresses.Select(address => address.Url).Distinct());
        Assert.Single(await ForwardersAsync(house, sandbox));
        Assert.Single(await house.Client.Networks.ListAsync(new DockerFilters().Add("label", $"flourisha.creation={sandbox.Creation}"), Limits.Token));
    }

    [Fact]
    public async Task After_a_stop_and_a_start_it_leads_there_again()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        var before = await AskAsync(house, sandbox);
        await house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token);
        sandbox = await house.Manager.Lifecycle.StartAsync(sandbox, timeout: null, OperationObserver.None, Limits.Token);
        await ServeAsync(house, sandbox);
        var after = await AskAsync(house, sandbox);
        Assert.Equal(before.Url, after.Url);
        await WaitAsync(house, after);
        Assert.Equal("hello", await GetAsync(after));
        Assert.Equal("ok", await house.ShellAsync(sandbox, "echo ok"));
    }

    [Fact]
    public async Task A_forwarder_that_has_ended_or_was_left_half_made_is_made_anew()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await ServeAsync(house, sandbox);
        await AskAsync(house, sandbox);
        var forwarder = Assert.Single(await ForwardersAsync(house, sandbox));
        await house.Client.Containers.KillAsync(forwarder.Id, "SIGKILL", Limits.Token);
        await house.Client.Containers.WaitAsync(forwarder.Id, Limits.Token);
        var address = await AskAsync(house, sandbox);
        await WaitAsync(house, address);

        // As a process leaves it that is killed just before it starts the container: its maker is gone.
        forwarder = Assert.Single(await ForwardersAsync(house, sandbox));
        var name = forwarder.Name;
        var inspected = await house.Client.Containers.InspectAsync(forwarder.Id, Limits.Token);
        await house.Client.Containers.RemoveAsync(forwarder.Id, force: true, removeVolumes: true, Limits.Token);
        var labels = inspected.Config.Labels.ToDictionary();
        labels["flourisha.process"] = string.Join('.', [.. labels["flourisha.process"].Split('.')[..3], "1", "1"]);
        await house.Client.Containers.CreateAsync(new ContainerCreateRequest { Image = inspected.Config.Image!, Cmd = ["forward", "8000", "192.0.2.1:8000"], Labels = labels, HostConfig = inspected.HostConfig with { NetworkMode = inspected.HostConfig.NetworkMode } }, name, Limits.Token);
        await WaitAsync(house, await AskAsync(house, sandbox));
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Fact]
    public async Task It_lets_in_and_not_out_and_nobody_else_in()
    {
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { HostName = "127.0.0.1" });
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.Internal });
        var other = await house.CreateAsync();
        using var outside = new TcpListener(IPAddress.Any, 0);
        outside.Start();
        var reach = $"timeout 3 bash -c '</dev/tcp/{other.Gateway}/{((IPEndPoint)outside.LocalEndpoint).Port}'";
        Assert.Equal(0, (await house.RunAsync(other, reach)).ExitCode);
        var before = (await house.RunAsync(sandbox, reach)).ExitCode == 0;
        await ServeAsync(house, sandbox);
        var address = await AskAsync(house, sandbox);
        await WaitAsync(house, address);
        Assert.Equal("hello", await GetAsync(address));

        var forwarder = await house.Client.Containers.InspectAsync(Assert.Single(await ForwardersAsync(house, sandbox)).Id, Limits.Token);
        var addresses = forwarder.NetworkSettings.Networks.Values.Select(network => network.IPAddress!).ToList();
        Assert.Equal(2, addresses.Count);

        // Two networks, and from neither a way on. The engine may give it a default route all the same: it leads to an address that is nobody's.
        Assert.Equal("eth0 eth1 lo", await house.ShellAsync(sandbox, "ls /sys/class/net | sort | xargs"));
        Assert.True(before || (await house.RunAsync(sandbox, reach)).ExitCode != 0, "it reaches the engine's machine, which it did not before");
        foreach (var target in addresses.Append(other.Address!.ToString()))
        {
            // Whether it connects says nothing where something upstream takes connections to any address: what counts is who answers.
            Assert.DoesNotContain("hello", (await house.RunAsync(other, Ask(target))).Output, StringComparison.Ordinal);
        }

        // The sandbox itself answers where it is asked; what it asks of its own forwarder comes to nothing, instead of round to itself.
        Assert.Contains("hello", (await house.RunAsync(sandbox, Ask("127.0.0.1"))).Output, StringComparison.Ordinal);
        Assert.DoesNotContain("hello", (await house.RunAsync(sandbox, Ask(addresses.First(one => one.StartsWith("10.213.", StringComparison.Ordinal))))).Output, StringComparison.Ordinal);

        // The engine's machine has no address on their network.
        var own = IPAddress.Parse(addresses.First(one => one.StartsWith("10.213.", StringComparison.Ordinal))).GetAddressBytes();
        own[3] = (byte)((own[3] & 0xf8) + 1);
        Assert.DoesNotContain(System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses), one => one.Address.Equals(new IPAddress(own)));
        Assert.Equal((true, "65534:65534", "0"), (forwarder.HostConfig.ReadonlyRootfs, forwarder.Config.User, forwarder.HostConfig.Sysctls!["net.ipv4.ip_forward"]));
        Assert.Equal(["ALL"], forwarder.HostConfig.CapDrop);
    }

    [Fact]
    public async Task It_is_no_way_past_a_list_of_hosts()
    {
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { HostName = "127.0.0.1" });
        var sandbox = await house.CreateAsync(options => options with { DenyHosts = ["example.com"] });
        var other = await house.CreateAsync();
        using var outside = new TcpListener(IPAddress.Any, 0);
        outside.Start();
        var reach = $"timeout 3 bash -c '</dev/tcp/{other.Gateway}/{((IPEndPoint)outside.LocalEndpoint).Port}'";
        Assert.Equal(0, (await house.RunAsync(other, reach)).ExitCode);
        var before = (await house.RunAsync(sandbox, reach)).ExitCode == 0;
        await TestServers.ServeAsync(house, sandbox, TestServers.Hello(Port), Port);
        var address = await AskAsync(house, sandbox);
        await WaitAsync(house, address);
        Assert.Equal("hello", await GetAsync(address));
        Assert.True(before || (await house.RunAsync(sandbox, reach)).ExitCode != 0, "it reaches the engine's machine, which it did not before");
        Assert.NotEqual(0, (await house.RunAsync(sandbox, "timeout 5 bash -c '</dev/tcp/192.0.2.1/80'")).ExitCode);
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Equal([$"/{other.Name}"], await house.LeftoversAsync());
    }

    [Theory]
    [InlineData(NetworkPolicy.Dedicated)]
    [InlineData(NetworkPolicy.Isolated)]
    public async Task Its_own_network_stays_the_way_to_the_agent(NetworkPolicy network)
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { Network = network });
        await AskAsync(house, sandbox, 1234);
        await AskAsync(house, sandbox, 80);
        var again = await house.AgainAsync(sandbox);
        Assert.Equal((sandbox.Address, sandbox.Gateway), (again.Address, again.Gateway));
        Assert.Equal(2, (await ForwardersAsync(house, sandbox)).Count);
    }

    [Fact]
    public async Task Without_a_network_it_is_refused_and_so_is_the_agent_s_port()
    {
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { HostName = "127.0.0.1" });
        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.None });
        var failure = await Failure.ExpectAsync(SandboxError.PortNotReachable, () => AskAsync(house, sandbox));
        Assert.Contains("no network", failure.Message, StringComparison.Ordinal);
        Assert.Contains("-Network Internal", failure.Remedy, StringComparison.Ordinal);
        await Failure.ExpectAsync(SandboxError.PortNotReachable, () => house.Manager.Hosts.GetAddressAsync(sandbox, null, OperationObserver.None, Limits.Token));
    }

    [Fact]
    public async Task Cancelled_or_refused_it_leaves_nothing()
    {
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { PublishAddress = "192.0.2.7", HostName = "192.0.2.7" });
        var sandbox = await house.CreateAsync();

        // An address that the machine does not have: the engine refuses when the forwarder is about to start.
        await Failure.ExpectAsync(SandboxError.EngineFailed, () => AskAsync(house, sandbox));
        Assert.Equal([$"/{sandbox.Name}"], await house.LeftoversAsync());
        Assert.Equal("eth0 lo", await house.ShellAsync(sandbox, "ls /sys/class/net | sort | xargs"));

        foreach (var patience in new[] { 5, 50, 150, 300 })
        {
            await using var patient = await SandboxHouse.OpenAsync();
            var one = await patient.CreateAsync();
            using var cancellation = new CancellationTokenSource(patience);
            try
            {
                await patient.Manager.Hosts.GetAddressAsync(one, Port, OperationObserver.None, cancellation.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Equal([$"/{one.Name}"], await patient.LeftoversAsync());
            }
        }
    }

    [Fact]
    public async Task A_sweep_finds_the_forwarder_of_a_sandbox_that_somebody_removed_with_other_tools()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync();
        await AskAsync(house, sandbox);
        await house.Client.Containers.RemoveAsync(sandbox.Id, force: true, removeVolumes: true, Limits.Token);
        using var runtime = DockerRuntime.Connect();
        var remnants = (await runtime.Remains.ListAsync(Limits.Token)).Where(remnant => remnant.Owner == house.Settings.Owner).ToList();
        Assert.Equal([StaleKind.Container, StaleKind.Network], remnants.Select(remnant => remnant.Kind).Order());
        Assert.DoesNotContain(remnants, remnant => remnant.IsUsed);
        foreach (var remnant in remnants.OrderBy(remnant => remnant.Kind))
            Assert.True(await runtime.Remains.RemoveAsync(remnant, Limits.Token));

        Assert.Empty(await house.LeftoversAsync());
    }
}
