using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>The program itself: how it begins, is found and ends.</summary>
public sealed class ProgramTests(GatewayHouse house) : GatewayTests(house)
{
    [Fact]
    public async Task It_is_found_while_it_serves_and_no_longer()
    {
        var records = new GatewayRecords();
        int process;
        await using (var gateway = await GatewayProcess.StartAsync("--keep-host"))
        {
            process = gateway.ProcessId;
            var found = Assert.Single(records.List(), each => each.ProcessId == process);
            Assert.Equal((gateway.Port, "127.0.0.1", $"http://PORT-ID.localhost:{gateway.Port}"), (found.Port, found.Address, found.Url));
            Assert.Equal((true, false, false), (found.KeepHost, found.Exposed, found.Secure));
        }

        Assert.DoesNotContain(records.List(), each => each.ProcessId == process);
    }

    [Fact]
    public async Task What_is_under_way_ends_before_it_does()
    {
        var word = NewWord();
        await using var gateway = await GatewayProcess.StartAsync();
        using var client = House.ClientOf(House.Open, gateway: gateway);
        var asked = client.GetStringAsync($"/wait?{word}", Limits.Token);
        while (!(await House.SeenAsync(House.Open)).Contains(word, StringComparison.Ordinal))
            await Task.Delay(20, Limits.Token);

        gateway.RequestEnd();
        using (var other = House.ClientOf(House.Open))
            await other.GetStringAsync($"/go?{word}", Limits.Token);

        Assert.Equal("waited", await asked);
        Assert.Equal(0, await gateway.AwaitEndAsync());
    }

    [Fact]
    public async Task What_does_not_end_is_cut_off()
    {
        await using var gateway = await GatewayProcess.StartAsync();
        using var client = House.ClientOf(House.Open, gateway: gateway);
        using var answer = await client.GetAsync($"/events?{NewWord()}", HttpCompletionOption.ResponseHeadersRead, Limits.Token);
        gateway.RequestEnd();
        Assert.Equal(0, await gateway.AwaitEndAsync());
    }

    [Fact]
    public async Task It_says_why_it_does_not_serve()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await RefusesAsync($"{port}", "--address", "127.0.0.1", "--port", $"{port}");
        await RefusesAsync("192.0.2.1", "--address", "192.0.2.1", "--port", $"{GatewayProcess.FindFreePort()}");
        await RefusesAsync("/no/such.pem", "--certificate", "/no/such.pem");
        await RefusesAsync("app.pl", "--port", $"{GatewayProcess.FindFreePort()}", "--certificate", Path.Combine(AppContext.BaseDirectory, "App", "app.pl"));
        await RefusesAsync("--ports", "--ports", "80");
        await RefusesAsync("tcp://127.0.0.1:1", "--engine", "tcp://127.0.0.1:1", "--port", $"{GatewayProcess.FindFreePort()}");
    }

    private static async Task RefusesAsync(string named, params string[] arguments)
    {
        var (exitCode, error) = await GatewayProcess.RunAsync(arguments);
        Assert.NotEqual(0, exitCode);
        Assert.StartsWith("error: ", error, StringComparison.Ordinal);
        Assert.Contains(named, error, StringComparison.Ordinal);
        Assert.Single(error.TrimEnd().Split('\n'));
    }
}
