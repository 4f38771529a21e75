using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Networks;

/// <summary>The lists of hosts, on a real engine with a real proxy. What the sandbox asks it speaks itself, so that any image does.</summary>
[Trait("Category", Engine.Category)]
public sealed class EgressTests
{
    private const string Registry = "registry.npmjs.org";
    private const string Mirror = "deb.debian.org";

    [Fact]
    public async Task What_is_allowed_is_reached_and_nothing_else()
    {
        await RequireOutsideAsync();
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { AllowHosts = [Registry, "*.debian.org"] });
        Assert.Equal(NetworkPolicy.Dedicated, sandbox.Network);
        Assert.Equal([Registry, "*.debian.org"], sandbox.AllowHosts);

        Assert.Equal("200", await AskAsync(house, sandbox, $"CONNECT {Registry}:443 HTTP/1.1"));
        Assert.Equal("200", await AskAsync(house, sandbox, $"GET http://{Mirror}/debian/dists/bookworm/Release HTTP/1.1"));
        foreach (var refused in new[]
        {
            "GET http://example.org/ HTTP/1.1",
            "CONNECT example.org:443 HTTP/1.1",
            $"GET http://debian.org/ HTTP/1.1",
            $"GET http://{Registry}.example.org/ HTTP/1.1",
            $"GET http://{Registry}:8080/ HTTP/1.1",
            $"CONNECT {Registry}:22 HTTP/1.1",
            $"CONNECT {Registry}:80 HTTP/1.1",
        })
            Assert.Equal("403", await AskAsync(house, sandbox, refused));

        // Past the proxy there is nothing: no name, and no address.
        Assert.NotEqual(0, (await house.RunAsync(sandbox, $"getent hosts {Mirror}")).ExitCode);
        var address = (await Dns.GetHostAddressesAsync(Mirror, AddressFamily.InterNetwork, Limits.Token))[0];
        Assert.NotEqual(0, (await house.RunAsync(sandbox, $"timeout 5 bash -c '</dev/tcp/{address}/80'")).ExitCode);

        // apt takes the way that the variables name.
        Assert.Contains(Mirror, await house.ShellAsync(sandbox, $"/usr/lib/apt/apt-helper download-file http://{Mirror}/debian/dists/bookworm/Release /tmp/Release 2>&1 && grep -m1 Origin /tmp/Release && echo {Mirror}"));
    }

    [Fact]
    public async Task What_is_denied_is_not_reached_and_everything_else_is()
    {
        await RequireOutsideAsync();
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { AllowHosts = ["*.debian.org", Registry], DenyHosts = ["security.debian.org", Registry] });
        Assert.Equal("200", await AskAsync(house, sandbox, $"GET http://{Mirror}/debian/dists/bookworm/Release HTTP/1.1"));
        Assert.Equal("403", await AskAsync(house, sandbox, "GET http://security.debian.org/ HTTP/1.1"));
        Assert.Equal("403", await AskAsync(house, sandbox, $"CONNECT {Registry}:443 HTTP/1.1"));
    }

    [Fact]
    public async Task Addresses_are_no_way_around_a_list_however_they_are_written()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { DenyHosts = [Registry] });
        foreach (var host in new[] { "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "169.254.169.254", sandbox.Gateway!.ToString(), "203.0.113.80" })
            Assert.Contains(await AskAsync(house, sandbox, $"GET http://{host}/ HTTP/1.1"), (string[])["400", "403"]);

        // A name that nobody resolves.
        Assert.Equal("502", await AskAsync(house, sandbox, "GET http://localhost/ HTTP/1.1"));
    }

    [Fact]
    public async Task A_name_of_the_attacker_s_leads_nowhere_inside()
    {
        // The resolver that the proxy asks is the sandbox itself: the worst that there can be.
        await using var house = await SandboxHouse.OpenAsync(settings => settings with { SubnetRange = "10.214.9.0/29" });
        var listener = new TcpListener(IPAddress.Any, 80);
        try
        {
            listener.Start();
        }
        catch (SocketException e)
        {
            Assert.Skip($"port 80 of this machine cannot be listened at, so nothing is there to be kept from: {e.Message}");
        }

        using (listener)
        {
            EgressProxies.Upstream = "10.214.9.3@5300";
            try
            {
                var sandbox = await house.CreateAsync(options => options with { DenyHosts = [Registry] });
                var inside = NetworkAddresses().ToList();
                var answers = inside.Prepend("127.0.0.1").Append("169.254.169.254").Append(sandbox.Gateway!.ToString()).Distinct().ToList();
                await house.Manager.StartAsync(sandbox, new() { Command = Resolver(answers) }, OperationObserver.None, Limits.Token);

                // That the resolver is asked at all shows the one name that leads outside: it is let through, whoever is there or not.
                Assert.DoesNotContain(await AskAsync(house, sandbox, "GET http://outside.example/ HTTP/1.1"), (string[])["403", "502"]);
                Assert.Contains("outside", await house.ShellAsync(sandbox, "cat /tmp/asked"));
                for (var i = 0; i < answers.Count; i++)
                    Assert.Contains(await AskAsync(house, sandbox, $"GET http://n{i}.example/ HTTP/1.1"), (string[])["403", "502"]);

                Assert.False(listener.Pending(), "something reached this machine");
            }
            finally
            {
                EgressProxies.Upstream = null;
            }
        }
    }

    [Fact]
    public async Task The_proxy_is_closed_as_a_sandbox_is_and_goes_with_it()
    {
        await using var house = await SandboxHouse.OpenAsync();
        var sandbox = await house.CreateAsync(options => options with { AllowHosts = [Registry], Ports = [8000] });
        Assert.All(sandbox.Ports, port => Assert.Null(port.HostPort));
        var filters = new DockerFilters().Add("label", $"{SandboxLabels.Creation}={sandbox.Creation}").Add("label", $"{SandboxLabels.Kind}={SandboxLabels.ProxyKind}");
        var proxy = await house.Client.Containers.InspectAsync(Assert.Single(await house.Client.Containers.ListAsync(all: true, filters, Limits.Token)).Id, Limits.Token);
        Assert.Equal(("13:13", true, 128L << 20), (proxy.Config.User, proxy.HostConfig.ReadonlyRootfs, proxy.HostConfig.Memory));
        Assert.Equal(["ALL"], proxy.HostConfig.CapDrop!);
        Assert.Equal(["no-new-privileges"], proxy.HostConfig.SecurityOpt!);
        Assert.DoesNotContain(await house.Manager.ListAsync(new SandboxFilter(), Limits.Token), one => one.Id == proxy.Id);

        // It serves the sandbox only, and nothing but HTTP reaches it.
        Assert.NotEqual(0, (await house.RunAsync(sandbox, $"timeout 5 bash -c '</dev/tcp/{proxy.NetworkSettings.Networks.Values.First(one => one.IPAddress != sandbox.Address!.ToString()).Gateway}/22'")).ExitCode);
        Assert.Equal($"http://10.213", (await house.ShellAsync(sandbox, "echo $https_proxy"))[..13]);

        // Where it had ended it is started with its sandbox.
        await house.Client.Containers.KillAsync(proxy.Id, "SIGKILL", Limits.Token);
        await house.Client.Containers.WaitAsync(proxy.Id, Limits.Token);
        using var runtime = DockerRuntime.Connect();
        await runtime.Networks.EnsureStartedAsync(sandbox, Limits.Token);
        Assert.Equal("403", await AskAsync(house, sandbox, "GET http://example.org/ HTTP/1.1"));

        await house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        Assert.Empty(await house.LeftoversAsync());
    }

    [Theory]
    [InlineData("POST /networks/[^/]+/connect")]
    [InlineData("POST /containers/[^/]+/start")]
    public async Task A_creation_that_loses_its_engine_leaves_no_proxy(string step)
    {
        await using var proxy = new EngineProxy();
        await using var house = await SandboxHouse.OpenAsync(endpoint: proxy.Address);
        proxy.Always(step, request => request.CutMeanwhileAsync());
        await Failure.ExpectAsync(SandboxError.EngineUnreachable, () => house.CreateAsync(options => options with { AllowHosts = [Registry] }));
        proxy.Calm();
        Assert.Empty(await house.LeftoversAsync());
    }

    // The status that the proxy answers with.
    private static async Task<string> AskAsync(SandboxHouse house, Sandbox sandbox, string request) =>
        await house.ShellAsync(sandbox, $$"""
            bash <<'END'
            p=${http_proxy#http://}
            exec 3<>/dev/tcp/${p%:*}/${p#*:} && printf '{{request}}\r\nHost: x.example\r\nConnection: close\r\n\r\n' >&3 && timeout 60 head -n1 <&3 | cut -d' ' -f2
            END
            """);

    private static IEnumerable<string> NetworkAddresses() =>
        System.Net.NetworkInformation.NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Where(one => one.Address.AddressFamily == AddressFamily.InterNetwork).Select(one => one.Address.ToString());

    // A name server in a few lines of Perl: nI.example is the I-th address, everything else a machine that nobody has.
    private static string Resolver(IReadOnlyList<string> answers) => $$"""
        perl -MIO::Socket::INET -e '@a = qw({{string.Join(' ', answers)}}); $s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 5300, Proto => "udp") or die; while ($s->recv($q, 512)) { $n = unpack("C/a", substr($q, 12)); open F, ">>/tmp/asked"; print F "$n\n"; close F; $end = index($q, "\0", 12) + 5; $a = unpack("n", substr($q, $end - 4)) == 1 ? 1 : 0; $ip = $n =~ /^n(\d+)$/i ? $a[$1] : "198.51.100.99"; $r = substr($q, 0, 2) . pack("n5", 0x8580, 1, $a, 0, 0) . substr($q, 12, $end - 12); $r .= pack("nnnNn", 0xc00c, 1, 1, 0, 4) . pack("C4", split /\./, $ip) if $a; $s->send($r) }'
        """;

    private static async Task RequireOutsideAsync()
    {
        foreach (var host in new[] { Registry, Mirror })
        {
            try
            {
                using var client = new TcpClient();
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
                await client.ConnectAsync(host, 80, limit.Token);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                Assert.Skip($"{host} cannot be reached from here: {e.Message}");
            }
        }
    }
}
