using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Firewall;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Firewall;

/// <summary>The rules on this machine itself, as a sandbox feels them. They hold for all sandboxes, so nothing else runs meanwhile.</summary>
[Trait("Category", Engine.Category)]
[Collection(Alone.Name)]
public sealed class FirewallTests
{
    [Fact]
    public async Task The_host_is_closed_and_everything_that_should_goes_on_and_then_it_is_open_again()
    {
        var before = await ListAsync();
        await using var house = await SandboxHouse.OpenAsync();
        var firewall = house.Manager.Firewall;
        Assert.SkipWhen(before.Contains(FirewallPlan.ChainPrefix, StringComparison.Ordinal), "the rules are installed on this machine, and it would be open for a moment");

        var sandbox = await house.CreateAsync(options => options with { Network = NetworkPolicy.Dedicated });
        var shared = await house.CreateAsync(options => options with { Ports = [8000] });
        await house.Manager.StartAsync(shared, new() { Command = Serve }, OperationObserver.None, Limits.Token);
        using var listener = new TcpListener(IPAddress.Any, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var neighbour = await Neighbour.StartAsync();

        Assert.True(await ReachesAsync(house, sandbox, sandbox.Gateway!, port), "the host cannot be reached from the beginning, so nothing is shown");
        Assert.True(await ReachesAsync(house, sandbox, Neighbour.Address, Neighbour.Port), "the neighbour cannot be reached from the beginning, so nothing is shown");
        var resolves = (await house.RunAsync(shared, "getent hosts deb.debian.org")).ExitCode == 0;
        try
        {
            Assert.False(await firewall.IsInstalledAsync(Limits.Token));
            Assert.All(await firewall.InstallAsync(Limits.Token), rule => Assert.True(rule.Present, rule.ToString()));
            var once = await ListAsync();
            Assert.All(await firewall.InstallAsync(Limits.Token), rule => Assert.True(rule.Present, rule.ToString()));
            Assert.Equal(once, await ListAsync());
            Assert.True(await firewall.IsInstalledAsync(Limits.Token));

            foreach (var one in new[] { sandbox, shared })
            {
                Assert.False(await ReachesAsync(house, one, one.Gateway!, port), "the host's own services are open");
                Assert.False(await ReachesAsync(house, one, Neighbour.Address, Neighbour.Port), "the private network is open");
            }

            // The agent answered all of the above; a new connection to a new sandbox, and a published port, work as well.
            Assert.Equal("works", await house.ShellAsync(await house.CreateAsync(options => options with { Network = NetworkPolicy.Internal }), "echo works"));
            await house.Manager.Hosts.WaitAsync(house.Manager.Hosts.GetAddress(shared, 8000), "/", TimeSpan.FromSeconds(30), OperationObserver.None, Limits.Token);
            Assert.Equal(resolves, (await house.RunAsync(shared, "getent hosts deb.debian.org")).ExitCode == 0);

            // What somebody took away is missed, and comes back.
            await RunAsync("iptables", "-D", FirewallPlan.InputChain, "-j", "REJECT");
            Assert.Equal("the host's own services", Assert.Single(await firewall.ReadAsync(Limits.Token), rule => !rule.Present).Purpose);
            Assert.False(await firewall.IsInstalledAsync(Limits.Token));
            await firewall.InstallAsync(Limits.Token);
            Assert.True(await firewall.IsInstalledAsync(Limits.Token));
        }
        finally
        {
            await firewall.RemoveAsync(CancellationToken.None);
        }

        Assert.False(await firewall.RemoveAsync(Limits.Token));
        Assert.True(await ReachesAsync(house, sandbox, sandbox.Gateway!, port), "the host stayed closed");
        Assert.True(await ReachesAsync(house, sandbox, Neighbour.Address, Neighbour.Port), "the neighbour stayed closed");
        Assert.DoesNotContain(FirewallPlan.ChainPrefix, await ListAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_engine_elsewhere_is_refused_and_named()
    {
        await RequireRootAsync();
        using var client = new DockerClient(DockerEndpoint.Resolve("tcp://engine.example:2375"));
        var failure = await Failure.ExpectAsync(SandboxError.HostRefused, () => new DockerFirewall(client).PlanAsync(Limits.Token));
        Assert.Contains("engine.example", failure.Message);
        Assert.Null(await new DockerFirewall(client).IsInstalledAsync(Limits.Token));
    }

    private const string Serve = """
        perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die; while ($c = $s->accept) { while (<$c>) { last if /^\r\n$/ } print $c "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"; close $c }'
        """;

    private static async Task<bool> ReachesAsync(SandboxHouse house, Sandbox sandbox, IPAddress address, int port) =>
        (await house.RunAsync(sandbox, $"timeout 5 bash -c '</dev/tcp/{address}/{port}'")).ExitCode == 0;

    private static async Task RequireRootAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "rules of the firewall take Linux and root");
        await ListAsync();
    }

    private static async Task<string> ListAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "rules of the firewall take Linux and root");
        return await RunAsync("iptables", "-S");
    }

    internal static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardOutput = true, RedirectStandardError = true };
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(Limits.Token);
        var output = await process.StandardOutput.ReadToEndAsync(Limits.Token);
        await process.WaitForExitAsync(Limits.Token);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {await error}");
        return output;
    }
}
