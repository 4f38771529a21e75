namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Networks, lists of hosts and the firewall from the command line.</summary>
public sealed class NetworkTests : EngineTests
{
    [Theory]
    [InlineData("internal", @"http://\d+\.\d+\.\d+\.\d+:8000")] // its own address: there is no way out, and so nothing is published
    [InlineData("dedicated", @"http://127\.0\.0\.1:\d+")]
    [InlineData("none", null)]
    public async Task A_sandbox_is_on_the_network_that_was_asked_for(string network, string? address)
    {
        var id = await CreateAsync("--network", network);
        Assert.Equal(network, (await RunAsync("info", id, "--json")).Expect(0).Json.GetProperty("network").GetString());
        Assert.Equal("works\n", (await RunAsync("exec", id, "echo", "works")).Expect(0).Output);
        if (address is null)
            Assert.Contains("no network", (await RunAsync("get-host", id, "-p", "8000")).Expect(4).Error, StringComparison.Ordinal);
        else
            Assert.Matches($@"\A{address}\n\z", (await RunAsync("get-host", id, "-p", "8000")).Expect(0).Output);

        (await RunAsync("kill", id)).Expect(0);
    }

    [Theory]
    [InlineData("--allow-host", "https://example.com")]
    [InlineData("--deny-host", "10.0.0.1")]
    public async Task What_is_no_host_is_a_wrong_call(string option, string value) =>
        Assert.Contains($"'{value}'", (await RunAsync("init", option, value)).Expect(2).Error, StringComparison.Ordinal);

    [Fact]
    public async Task The_firewall_s_rules_are_told_without_being_installed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere the engine is in a virtual machine, with a firewall of its own");
        var lines = (await RunAsync("firewall", "install", "--dry-run")).Expect(0).Output.Split('\n');
        Assert.Contains("iptables -A FLOURISHA-INPUT -j REJECT --reject-with icmp-port-unreachable", lines);
        Assert.Contains("iptables -I INPUT -i flsb-+ -j FLOURISHA-INPUT", lines);
        var json = (await RunAsync("firewall", "install", "--dry-run", "--json")).Expect(0).Json;
        Assert.Equal(lines.Length - 1, json.GetArrayLength());
        Assert.All(json.EnumerateArray(), rule => Assert.False(rule.GetProperty("present").GetBoolean()));
    }

    [Fact]
    public async Task The_firewall_s_state_takes_root()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "rules of the firewall take Linux and root");
        var result = (await RunAsync("firewall", "status")).Expect(0);
        Assert.Contains("FLOURISHA-FORWARD", result.Output, StringComparison.Ordinal);
        Assert.Matches("^(Closed|Open|Half open)", result.Error);
    }
}
