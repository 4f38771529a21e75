using System.Globalization;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>Waiting until an app answers through the gateway, by the URL and the token that its users get.</summary>
public sealed class WaitTests(GatewayHouse house) : GatewayTests(house)
{
    private SandboxManager? _manager;

    public override ValueTask DisposeAsync()
    {
        _manager?.Dispose();
        return base.DisposeAsync();
    }

    // As users have it whose settings name this gateway, or another one.
    private SandboxManager Manager(int? port = null) => _manager ??= new SandboxManager(
        DockerRuntime.Connect(null, Path.Combine(Repository.Root, "output", "agent")),
        House.Settings with { Gateway = new GatewaySettings { Port = port ?? House.Gateway.Port } },
        new TemplateCatalog([Path.Combine(Repository.Root, "module", "templates")]));

    private async Task<HostAddress> WaitAsync(Sandbox sandbox, int port, TimeSpan timeout, string path = "/")
    {
        var address = await Manager().Hosts.GetAddressAsync(sandbox, port, OperationObserver.None, Limits.Token);
        return await Manager().Hosts.WaitAsync(address, path, timeout, OperationObserver.None, Limits.Token);
    }

    private async Task<SandboxException> WaitInVainAsync(Sandbox sandbox, int port, string path = "/", SandboxError error = SandboxError.TimedOut, double seconds = 2)
    {
        var failure = await Assert.ThrowsAsync<SandboxException>(() => WaitAsync(sandbox, port, TimeSpan.FromSeconds(seconds), path));
        Assert.Equal(error, failure.Error);
        Assert.Contains(GatewayHouse.HostOf(sandbox, port), failure.Message, StringComparison.Ordinal);
        return failure;
    }

    private Task<SandboxProcess> StartAsync(Sandbox sandbox, string command) => House.Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = command }, new(), OperationObserver.None, Limits.Token);

    [Fact]
    public async Task What_answers_is_ready_and_a_private_port_with_its_token()
    {
        var open = await WaitAsync(House.Open, GatewayHouse.Port, TimeSpan.FromSeconds(30));
        Assert.Equal((true, HostRouting.Gateway, null), (open.Ready, open.Routing, open.Token));
        var closed = await WaitAsync(House.Closed, GatewayHouse.Port, TimeSpan.FromSeconds(30));
        Assert.Equal((true, House.Token), (closed.Ready, closed.Token));
    }

    [Fact]
    public async Task Nothing_listens_there_but_elsewhere()
    {
        var failure = await WaitInVainAsync(House.Open, GatewayHouse.SilentPort);
        Assert.Contains($"nothing listens on port {GatewayHouse.SilentPort} in the sandbox, but on {GatewayHouse.Port} (perl)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_listens_on_loopback_only()
    {
        var failure = await WaitInVainAsync(House.Open, GatewayHouse.LoopbackPort);
        Assert.Contains("perl listens on 127.0.0.1 only", failure.Message, StringComparison.Ordinal);
        Assert.Contains("0.0.0.0", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_closes_connections_without_an_answer()
    {
        var failure = await WaitInVainAsync(House.Open, GatewayHouse.Port, "/break");
        Assert.Contains($"perl listens on port {GatewayHouse.Port}, but closes connections without an answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_answers_with_server_errors_or_not_at_all_or_has_ended()
    {
        var sandbox = await House.CreateAsync();
        try
        {
            await StartAsync(sandbox, Server(9001, """print $c "HTTP/1.0 503 X\r\n\r\n"; close $c"""));
            Assert.Contains("it answers with status 503", (await WaitInVainAsync(sandbox, 9001, seconds: 5)).Message, StringComparison.Ordinal);
            await StartAsync(sandbox, Server(9002, "push @c, $c"));
            Assert.Contains("it accepts connections, but answers nothing within", (await WaitInVainAsync(sandbox, 9002, seconds: 5)).Message, StringComparison.Ordinal);
        }
        finally
        {
            await House.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
        }

        var other = await House.CreateAsync();
        try
        {
            await StartAsync(other, "echo no such module >&2; exit 4");
            var failure = await WaitInVainAsync(other, GatewayHouse.Port, error: SandboxError.AppEnded, seconds: TimeSpan.FromHours(1).TotalSeconds);
            Assert.Contains("has ended with exit code 4, and nothing listens in the sandbox", failure.Message, StringComparison.Ordinal);
            Assert.EndsWith("\n  no such module", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            await House.Manager.RemoveAsync(other, OperationObserver.None, Limits.Token);
        }
    }

    [Fact]
    public async Task Where_no_gateway_listens_it_says_how_to_start_one()
    {
        Manager(GatewayProcess.FindFreePort());
        var failure = await WaitInVainAsync(House.Open, GatewayHouse.Port, seconds: 1);
        Assert.Contains("no gateway listens at", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Start-SandboxGateway", failure.Remedy, StringComparison.Ordinal);
    }

    private static string Server(int port, string answer) => string.Create(CultureInfo.InvariantCulture,
        $$"""exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => {{port}}, Listen => 9, ReuseAddr => 1) or die; while ($c = $s->accept) { $r = <$c>; while (<$c>) { last if /^\r\n$/ } {{answer}} }'""");
}
