using System.Text;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Agents;

[Trait("Category", Engine.Category)]
public sealed class AgentPortsTests(SharedSandbox shared) : IClassFixture<SharedSandbox>
{
    // Debian's smallest image has no server; its Perl can be one.
    private const string Server = """
        perl -MIO::Socket::INET -e '$l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => shift, Listen => 5, ReuseAddr => 1) or die; while ($c = $l->accept) { while (<$c>) { print $c "you said: $_" } }'
        """;

    private const string Client = """
        perl -MIO::Socket::INET -e '$p = shift; for (1..500) { $c = IO::Socket::INET->new(PeerAddr => "127.0.0.1", PeerPort => $p) and last; select(undef, undef, undef, 0.02) } print $c "hello\n"; $c->flush; print scalar <$c>'
        """;

    private static async Task<string> AskAsync(Stream stream, string line)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\n"), Limits.Token);
        return await ReadLineAsync(stream);
    }

    private static async Task<string> ReadLineAsync(Stream stream)
    {
        var text = new StringBuilder();
        var one = new byte[1];
        while (await stream.ReadAsync(one, Limits.Token) > 0 && one[0] != '\n')
            text.Append((char)one[0]);
        return text.ToString();
    }

    [Fact]
    public async Task A_port_on_the_sandboxs_loopback_is_connected_to_though_nothing_is_published()
    {
        var (house, sandbox) = await shared.GetAsync();
        await house.ShellAsync(sandbox, "which perl");
        await house.Manager.Processes.StartAsync(sandbox, new CommandRequest { Command = Server.Trim() + " 7001" }, new ProcessOptions(), OperationObserver.None, Limits.Token);
        Stream? stream = null;
        for (var attempt = 0; stream is null && attempt < 500; attempt++)
        {
            try
            {
                stream = await house.Manager.Ports.ConnectAsync(sandbox, 7001, Limits.Token);
            }
            catch (SandboxException e) when (e.Error == SandboxError.PortNotReachable)
            {
                await Task.Delay(20, Limits.Token);
            }
        }

        Assert.NotNull(stream);
        await using (stream)
            Assert.Equal(["you said: one", "you said: two"], [await AskAsync(stream, "one"), await AskAsync(stream, "two")]);

        Assert.DoesNotContain(sandbox.Ports, port => port.Port == 7001);
    }

    [Fact]
    public async Task Where_nothing_listens_the_failure_names_port_and_sandbox()
    {
        var (house, sandbox) = await shared.GetAsync();
        var failure = await Failure.ExpectAsync(SandboxError.PortNotReachable, () => house.Manager.Ports.ConnectAsync(sandbox, 7002, Limits.Token));
        Assert.Contains("7002", failure.Message, StringComparison.Ordinal);
        Assert.Contains(sandbox.Name, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_that_a_process_makes_comes_out_here()
    {
        var (house, sandbox) = await shared.GetAsync();
        var accepting = house.Manager.Ports.AcceptAsync(sandbox, 7003, Limits.Token);
        var running = house.ShellAsync(sandbox, Client.Trim() + " 7003");
        await using (var stream = await accepting)
        {
            Assert.Equal("hello", await ReadLineAsync(stream));
            await stream.WriteAsync("welcome\n"u8.ToArray(), Limits.Token);
            Assert.Equal("welcome", await running);
        }
    }

    [Fact]
    public async Task Waiting_for_a_connection_can_be_given_up()
    {
        var (house, sandbox) = await shared.GetAsync();
        using var enough = new CancellationTokenSource();
        var accepting = house.Manager.Ports.AcceptAsync(sandbox, 7004, enough.Token);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => accepting);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65536)]
    public async Task A_port_that_is_none_is_not_asked_for(int port)
    {
        var (house, sandbox) = await shared.GetAsync();
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => house.Manager.Ports.ConnectAsync(sandbox, port, Limits.Token));
    }
}
