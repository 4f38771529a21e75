using System.Net;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>
/// Sandboxes that Traefik leads to, on a real engine. Traefik itself is not there: a container stands in for it, which is put on networks as
/// Traefik would be, and asks there what Traefik would ask; what Traefik reads is held against its reference.
/// </summary>
public sealed class TraefikRoutingTests
{
    private const int Port = 8000;
    private const int Further = 9000;

    private static TraefikSettings At(string container) => new() { Container = container, CertificateResolver = "letsencrypt" };

    private static Task<SandboxHouse> OpenAsync(string container) => SandboxHouse.OpenAsync(settings => settings with { Domain = "Sandboxes.example.com", Traefik = At(container) });

    private static Task<Sandbox> CreateAsync(SandboxHouse house, NetworkPolicy network = NetworkPolicy.Dedicated) =>
        house.CreateAsync(options => options with { Routing = HostRouting.Traefik, Network = network, Ports = [Further, Port] });

    /// <summary>A container that idles in Traefik's place; a sandbox, as that is what can be looked into from here.</summary>
    private static Task<Sandbox> StandInAsync(SandboxHouse house, string name) => house.CreateAsync(options => options with { Name = name });

    /// <summary>One that is no sandbox: it is found by its image, or by its name.</summary>
    private static async Task<string> StrangerAsync(SandboxHouse house, string name, string network, string? image = null)
    {
        var request = (await Engine.IdleRequestAsync()) with
        {
            Image = image ?? Engine.ImageName,
            Cmd = ["sleep", "600"],
            Labels = new() { ["flourisha.owner"] = house.Settings.Owner },
            HostConfig = new HostConfig { NetworkMode = network, Init = true },
        };
        var id = (await house.Client.Containers.CreateAsync(request, name, Limits.Token)).Id;
        await house.Client.Containers.StartAsync(id, Limits.Token);
        return id;
    }

    private static Task<HostAddress> AskAsync(SandboxHouse house, Sandbox sandbox, int? port) => house.Manager.Hosts.GetAddressAsync(sandbox, port, OperationObserver.None, Limits.Token);

    private static async Task<List<KeyValuePair<string, string>>> LabelsAsync(SandboxHouse house, Sandbox sandbox) =>
        [.. (await house.InspectAsync(sandbox)).Config.Labels.Where(label => label.Key.StartsWith("traefik.", StringComparison.OrdinalIgnoreCase))];

    private static async Task<IEnumerable<string>> NetworksAsync(SandboxHouse house, Sandbox sandbox) => (await house.InspectAsync(sandbox)).NetworkSettings.Networks.Keys;

    private static string Get(string host, int port) => $"timeout 5 bash -c 'exec 3<>/dev/tcp/{host}/{port}; printf \"GET / HTTP/1.0\\r\\n\\r\\n\" >&3; cat <&3'";

    [Fact]
    public async Task It_is_led_to_by_its_labels_over_a_network_of_its_own_and_all_goes_with_it()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        var standIn = await StandInAsync(house, name);
        var before = await NetworksAsync(house, standIn);
        var sandbox = await CreateAsync(house);
        await TestServers.ServeAsync(house, sandbox, TestServers.Hello(Port), Port);

        // What Traefik reads, in the words of its reference.
        var labels = await LabelsAsync(house, sandbox);
        TraefikReference.CheckLabels(labels);
        var read = labels.ToDictionary();
        var qa = $"qa-{sandbox.Creation![..12]}";
        Assert.Equal("true", read["traefik.enable"]);
        foreach (var (router, port) in new[] { (qa, Port), ($"{qa}-{Further}", Further) })
        {
            Assert.Equal($"Host(`{router}.sandboxes.example.com`)", read[$"traefik.http.routers.{router}.rule"]);
            Assert.Equal(router, read[$"traefik.http.routers.{router}.service"]);
            Assert.Equal($"{port}", read[$"traefik.http.services.{router}.loadbalancer.server.port"]);
            Assert.Equal("letsencrypt", read[$"traefik.http.routers.{router}.tls.certresolver"]);
            Assert.Equal("*.sandboxes.example.com", read[$"traefik.http.routers.{router}.tls.domains[0].sans"]);
        }

        // What users are told is what the rules say.
        var (first, other) = (await AskAsync(house, sandbox, null), await AskAsync(house, sandbox, Further));
        Assert.Equal(($"https://{qa}.sandboxes.example.com/", Port, true, HostRouting.Traefik), (first.Url.ToString(), first.Port, first.Public, first.Routing));
        Assert.Equal($"https://{qa}-{Further}.sandboxes.example.com/", other.Url.ToString());
        var failure = await Failure.ExpectAsync(SandboxError.PortNotReachable, () => AskAsync(house, sandbox, 1234));
        Assert.Contains($"{Port}, {Further}", failure.Message, StringComparison.Ordinal);

        // Where it looks: on the network that the label names, which both are on. Nothing is published beside it.
        var inspected = await house.InspectAsync(sandbox);
        Assert.Empty(inspected.HostConfig.PortBindings ?? []);
        var place = inspected.NetworkSettings.Networks[read["traefik.docker.network"]];
        Assert.Contains(read["traefik.docker.network"], await NetworksAsync(house, standIn));
        Assert.Contains("hello", (await house.RunAsync(standIn, Get(place.IPAddress!, Port))).Output, StringComparison.Ordinal);

        // Stopped, it keeps its place; and the last to leave takes the network along, while Traefik runs on.
        await house.Manager.Lifecycle.StopAsync(sandbox, TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token);
        sandbox = await house.Manager.Lifecycle.StartAsync(sandbox, timeout: null, OperationObserver.None, Limits.Token);
        Assert.Contains(read["traefik.docker.network"], await NetworksAsync(house, standIn));
        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Equal([$"/{name}"], await house.LeftoversAsync());
        Assert.Equal(before, await NetworksAsync(house, standIn));
        Assert.Equal(SandboxState.Running, (await house.AgainAsync(standIn)).State);
    }

    [Fact]
    public async Task On_the_network_of_the_engine_s_machine_it_reaches_every_sandbox()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        await StrangerAsync(house, name, "host");
        foreach (var network in new[] { NetworkPolicy.Isolated, NetworkPolicy.Internal })
        {
            var sandbox = await CreateAsync(house, network);
            await TestServers.ServeAsync(house, sandbox, TestServers.Hello(Port), Port);
            var label = (await LabelsAsync(house, sandbox)).ToDictionary()["traefik.docker.network"];
            var address = (await house.InspectAsync(sandbox)).NetworkSettings.Networks[label].IPAddress;
            var direct = new HostAddress { Sandbox = sandbox, Port = Port, Url = new Uri($"http://{address}:{Port}"), Public = false };
            Assert.True((await house.Manager.Hosts.WaitAsync(direct, "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token)).Ready);
        }
    }

    [Fact]
    public async Task Where_it_would_not_reach_the_sandbox_it_is_refused_before_anything_is_made()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        var missing = await Failure.ExpectAsync(SandboxError.InvalidOption, () => CreateAsync(house));
        Assert.Contains($"'{name}' is no container", missing.Message, StringComparison.Ordinal);

        await StrangerAsync(house, name, "bridge");
        var shared = await Failure.ExpectAsync(SandboxError.InvalidOption, () => CreateAsync(house, NetworkPolicy.Isolated));
        Assert.Contains("-Network Dedicated", shared.Remedy, StringComparison.Ordinal);
        await Failure.ExpectAsync(SandboxError.InvalidOption, () => CreateAsync(house, NetworkPolicy.None));

        // On its network it would be a way past the list.
        var listed = await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => options with { Routing = HostRouting.Traefik, Ports = [Port], AllowHosts = ["example.com"] }));
        Assert.Contains("past its list of hosts", listed.Message, StringComparison.Ordinal);
        Assert.Contains("port", (await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => options with { Routing = HostRouting.Traefik, Network = NetworkPolicy.Dedicated }))).Message, StringComparison.Ordinal);
        await Failure.ExpectAsync(SandboxError.InvalidOption, () => house.CreateAsync(options => options with { Routing = HostRouting.Traefik, Network = NetworkPolicy.Dedicated, Ports = [Port, 49983] }));
        Assert.Equal([$"/{name}"], await house.LeftoversAsync());
    }

    [Fact]
    public async Task A_creation_that_fails_or_is_cancelled_leaves_it_where_it_was()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        var standIn = await StandInAsync(house, name);
        var before = await NetworksAsync(house, standIn);
        await Failure.ExpectAsync(SandboxError.NameInUse, () => house.CreateAsync(options => options with { Name = name, Routing = HostRouting.Traefik, Network = NetworkPolicy.Dedicated, Ports = [Port] }));
        Assert.Equal(before, await NetworksAsync(house, standIn));
        foreach (var patience in new[] { 20, 80, 200, 400 })
        {
            using var cancellation = new CancellationTokenSource(patience);
            try
            {
                var sandbox = await house.Manager.CreateAsync(house.Options with { Routing = HostRouting.Traefik, Network = NetworkPolicy.Dedicated, Ports = [Port] }, OperationObserver.None, cancellation.Token);
                await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
            }
            catch (OperationCanceledException)
            {
            }

            Assert.Equal([$"/{name}"], await house.LeftoversAsync());
            Assert.Equal(before, await NetworksAsync(house, standIn));
        }
    }

    [Fact]
    public async Task Its_network_goes_also_where_somebody_removed_the_sandbox_with_other_tools()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        var standIn = await StandInAsync(house, name);
        var sandbox = await CreateAsync(house);
        await house.Client.Containers.RemoveAsync(sandbox.Id, force: true, removeVolumes: true, Limits.Token);
        using var runtime = DockerRuntime.Connect();
        var remnant = Assert.Single(await runtime.Remains.ListAsync(Limits.Token), one => one.Owner == house.Settings.Owner);
        Assert.Equal(StaleKind.Network, remnant.Kind);
        Assert.True(await runtime.Remains.RemoveAsync(remnant, Limits.Token));
        Assert.Equal([$"/{name}"], await house.LeftoversAsync());
        Assert.DoesNotContain(await NetworksAsync(house, standIn), network => network == DedicatedNetworks.NameOf(sandbox.Creation!));
    }

    [Fact]
    public async Task One_that_was_made_anew_is_put_there_again_when_an_address_is_asked_for()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        var standIn = await StandInAsync(house, name);
        var sandbox = await CreateAsync(house);
        var network = DedicatedNetworks.NameOf(sandbox.Creation!);
        await house.Manager.RemoveAsync(standIn, OperationObserver.None, Limits.Token);
        standIn = await StandInAsync(house, name);
        Assert.DoesNotContain(network, await NetworksAsync(house, standIn));
        await AskAsync(house, await house.AgainAsync(sandbox), Port);
        Assert.Contains(network, await NetworksAsync(house, standIn));
    }

    [Fact]
    public async Task It_is_looked_for_by_its_image_and_not_guessed_where_there_are_two()
    {
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { Domain = "example.com" });
        var image = $"{Engine.NewName()}/traefik";
        var reference = $"{image}:v3.7";
        await house.Client.Images.TagAsync(Engine.ImageName, image, "v3.7", Limits.Token);
        try
        {
            var others = (await house.Client.Containers.ListAsync(all: false, filters: null, Limits.Token)).Any(one => one.Image.Split(':')[0].EndsWith("traefik", StringComparison.Ordinal));
            var first = Engine.NewName();
            await StrangerAsync(house, first, "bridge", reference);
            if (!others)
            {
                var sandbox = await CreateAsync(house);
                Assert.Contains(DedicatedNetworks.NameOf(sandbox.Creation!), (await house.Client.Containers.InspectAsync(first, Limits.Token)).NetworkSettings.Networks.Keys);
            }

            var second = Engine.NewName();
            await StrangerAsync(house, second, "bridge", reference);
            var failure = await Failure.ExpectAsync(SandboxError.InvalidOption, () => CreateAsync(house));
            Assert.Contains(first, failure.Message, StringComparison.Ordinal);
            Assert.Contains(second, failure.Message, StringComparison.Ordinal);
            Assert.Contains("traefik.container", failure.Remedy, StringComparison.Ordinal);
        }
        finally
        {
            await house.DisposeAsync();
            await house.Client.Images.RemoveAsync(reference, force: true, CancellationToken.None);
        }
    }

    [Fact]
    public async Task Copies_are_reached_by_ports_and_Traefik_passes_them_over()
    {
        var name = Engine.NewName();
        await using var house = await OpenAsync(name);
        await StrangerAsync(house, name, "host");
        var sandbox = await CreateAsync(house, NetworkPolicy.Isolated);
        var observer = new RecordingObserver();
        var copies = await house.Manager.Checkpoints.CopyAsync(sandbox, [Engine.NewName()], timeout: null, parallel: 1, observer, Limits.Token);
        var copy = Assert.IsType<Sandbox>(Assert.Single(copies).Sandbox);
        Assert.Contains("are reached by ports", Assert.Single(observer.Warnings), StringComparison.Ordinal);
        Assert.Equal("127.0.0.1", (await AskAsync(house, copy, Port)).Url.Host);

        // Its image has the labels of the first one, which would share its name; this one goes above all of them.
        Assert.Equal("false", (await LabelsAsync(house, copy)).ToDictionary()["traefik.enable"]);
        await house.Manager.RemoveAsync(copy, OperationObserver.None, Limits.Token);
    }

    [Fact]
    public async Task A_sandbox_that_it_does_not_lead_to_says_so()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var label = Assert.Single(await LabelsAsync(house, await house.CreateAsync(options => options with { Ports = [Port] })));
        Assert.Equal(("traefik.enable", "false"), (label.Key, label.Value));
    }

    [Theory]
    [InlineData(404, "404 page not found\n", "Traefik leads this name nowhere", "Docker provider")]
    [InlineData(502, "Bad Gateway", "nothing listens in the sandbox", "Start a server")]
    [InlineData(500, "", "it answers with status 500", "Receive-SandboxProcess")]
    public async Task What_stands_in_the_way_is_told_by_what_answers_at_the_URL(int status, string body, string expected, string remedy)
    {
        // Answers as Traefik does, at the very URL that is given for the sandbox.
        string? asked = null;
        await using var traefik = new RawServer(async (_, stream, token) =>
        {
            asked ??= await RawServer.ReadRequestAsync(stream, token);
            await stream.WriteAsync(System.Text.Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"), token);
        });
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { Domain = "localhost", Traefik = new TraefikSettings { Tls = false, Port = traefik.Port, EntryPoint = "web", Container = null } });
        var name = Engine.NewName();
        await StrangerAsync(house, name, "host");
        await using var named = await SandboxHouse.OpenAsync(settings => house.Settings with { Traefik = house.Settings.Traefik with { Container = name } });
        var sandbox = await CreateAsync(named, NetworkPolicy.Isolated);
        var address = await AskAsync(named, sandbox, Port);
        var failure = await Failure.ExpectAsync(SandboxError.TimedOut, () => named.Manager.Hosts.WaitAsync(address, "/health", TimeSpan.FromSeconds(1), OperationObserver.None, Limits.Token));
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
        Assert.StartsWith("GET /health HTTP/1.1\r\n", asked, StringComparison.Ordinal);
        Assert.Contains($"Host: qa-{sandbox.Creation![..12]}.localhost:{traefik.Port}\r\n", asked, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_domain_nothing_is_made()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var failure = await Failure.ExpectAsync(SandboxError.InvalidOption, () => CreateAsync(house));
        Assert.Contains("setting 'domain'", failure.Message, StringComparison.Ordinal);
        Assert.Empty(await house.LeftoversAsync());
    }
}
