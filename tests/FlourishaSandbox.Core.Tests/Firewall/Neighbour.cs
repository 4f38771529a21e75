using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Core.Tests.Firewall;

/// <summary>A machine in a private network next to this one: a network namespace with a server, behind a pair of interfaces.</summary>
internal sealed class Neighbour : IAsyncDisposable
{
    public const int Port = 8080;

    private const string Space = "fltest-neighbour";
    private const string Outside = "fltest-n0";
    private const string Inside = "fltest-n1";

    private System.Diagnostics.Process? _server;

    public static IPAddress Address { get; } = IPAddress.Parse("192.168.213.2");

    public static async Task<Neighbour> StartAsync()
    {
        var neighbour = new Neighbour();
        try
        {
            await IpAsync("netns", "add", Space);
            await IpAsync("link", "add", Outside, "type", "veth", "peer", "name", Inside, "netns", Space);
            await IpAsync("addr", "add", "192.168.213.1/30", "dev", Outside);
            await IpAsync("link", "set", Outside, "up");
            await IpAsync("-n", Space, "addr", "add", $"{Address}/30", "dev", Inside);
            await IpAsync("-n", Space, "link", "set", Inside, "up");
            await IpAsync("-n", Space, "route", "add", "default", "via", "192.168.213.1");
            neighbour._server = System.Diagnostics.Process.Start("ip", ["netns", "exec", Space, "perl", "-MIO::Socket::INET", "-e",
                $"$s = IO::Socket::INET->new(LocalAddr => '0.0.0.0', LocalPort => {Port}, Listen => 5) or die; while ($c = $s->accept) {{ close $c }}"]);
            for (var attempt = 0; !await AnswersAsync(); attempt++)
            {
                Assert.True(attempt < 200, "the neighbour does not serve");
                await Task.Delay(50);
            }

            return neighbour;
        }
        catch
        {
            await neighbour.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            _server.Kill(entireProcessTree: true);
            await _server.WaitForExitAsync();
            _server.Dispose();
        }

        // With it go the interfaces.
        await IpAsync("netns", "del", Space);
    }

    private static Task<string> IpAsync(params string[] arguments) => FirewallTests.RunAsync("ip", arguments);

    private static async Task<bool> AnswersAsync()
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(Address, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
