using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>The gateway, in the background and in the foreground.</summary>
public sealed class GatewayTests : EngineTests
{
    private readonly string _port = FindFreePort();

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.SkipUnless(CliProgram.IsNative, "the gateway's program is beside the native one only; './build.sh build' makes both");
        Variables["FLOURISHA_GATEWAY_PORT"] = _port;
    }

    private static string FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return $"{((IPEndPoint)listener.LocalEndpoint).Port}";
    }

    [Fact]
    public async Task One_in_the_background_is_started_found_and_ended()
    {
        var started = (await RunAsync("gateway", "start")).Expect(0);
        try
        {
            Assert.Equal($"http://PORT-ID.localhost:{_port}\n", started.Output);
            Assert.Matches($@"(?m)^ *{_port} +127\.0\.0\.1 +\d+ +no +http://PORT-ID", (await RunAsync("gateway", "status")).Expect(0).Output);
            var found = (await RunAsync("gateway", "status", "--json")).Expect(0).Json.EnumerateArray().Single(each => $"{each.GetProperty("port")}" == _port);
            Assert.False(found.GetProperty("exposed").GetBoolean());
            Assert.Contains($"127.0.0.1:{_port}", (await RunAsync("gateway", "start")).Expect(4).Error, StringComparison.Ordinal);
        }
        finally
        {
            (await RunAsync("gateway", "stop", _port)).Expect(0);
        }

        Assert.DoesNotContain(_port, (await RunAsync("gateway", "status")).Expect(0).Output, StringComparison.Ordinal);
        (await RunAsync("gateway", "stop", _port)).Expect(3);
    }

    [Fact]
    public async Task One_in_the_foreground_serves_until_it_is_interrupted()
    {
        using var process = Start("serve");
        Assert.Equal($"Serving http://PORT-ID.localhost:{_port} on 127.0.0.1.", await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Contains($"{process.Id}", (await RunAsync("gateway", "status")).Expect(0).Output, StringComparison.Ordinal);
        CliProgram.SendInterrupt(process);
        (await CliProgram.FinishAsync(process)).Expect(0);
    }

    [Fact]
    public async Task A_link_is_printed_for_a_port_behind_the_gateway_and_for_no_other()
    {
        var id = await CreateAsync("-p", "8000", "--routing", "gateway", "--private");
        var link = (await RunAsync("get-host", id, "--link", "1h", "--path", "/a")).Expect(0).Output;
        Assert.Matches(new Regex($@"\Ahttp://8000-{id[..12]}\.localhost:{_port}/a\?flourisha_link=\d+\.[0-9a-f]{{64}}\n\z"), link);
        var json = (await RunAsync("get-host", id, "--link", "1h", "--json")).Expect(0).Json;
        Assert.StartsWith("fsp_", json.GetProperty("token").GetString(), StringComparison.Ordinal);
        Assert.Contains("?flourisha_link=", json.GetProperty("link").GetString(), StringComparison.Ordinal);
        (await RunAsync("get-host", id, "--link", "31d")).Expect(2);

        var other = await CreateAsync("-p", "8000");
        Assert.Contains("--routing gateway", (await RunAsync("get-host", other, "--link", "1h")).Expect(2).Error, StringComparison.Ordinal);
    }
}
