using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

public sealed class GatewayRecordsTests
{
    private static readonly SandboxSettings s_settings = new();

    [Fact]
    public void Logs_of_gateways_that_ended_long_ago_are_taken_away()
    {
        using var folder = new TemporaryFolder();
        var records = new GatewayRecords(folder["gateways"]);
        string[] logs = [records.LogFor(1), records.LogFor(2), records.LogFor(3)];
        foreach (var log in logs)
            File.WriteAllText(log, "what it said");

        foreach (var log in logs[..2])
            File.SetLastWriteTimeUtc(log, DateTime.UtcNow.AddDays(-8));

        // This one has had nothing to say since.
        using (records.Write(GatewayOptions.From(s_settings) with { Port = 2 }, logs[1]))
        {
            records.LogFor(4);
            Assert.Equal([false, true, true], logs.Select(File.Exists));
        }

        records.LogFor(4);
        Assert.Equal([false, false, true], logs.Select(File.Exists));
    }

    [Theory]
    [InlineData("127.0.0.1", 8080, null, null)]
    [InlineData("0.0.0.0", 8080, null, "Whoever reaches 0.0.0.0 can read what passes")]
    [InlineData("127.0.0.1", 9000, null, "set gateway.port to 9000")]
    [InlineData("127.0.0.1", 9000, "https://sandboxes.example.com", null)]
    public void Who_starts_one_is_told_what_is_amiss(string address, int port, string? url, string? trouble)
    {
        var settings = s_settings with { Gateway = s_settings.Gateway with { Url = url is null ? null : new Uri(url) } };
        var options = GatewayOptions.From(settings) with { Address = System.Net.IPAddress.Parse(address), Port = port };
        var found = options.FindTroubles(settings).ToList();
        if (trouble is null)
            Assert.Empty(found);
        else
            Assert.Contains(trouble, Assert.Single(found), StringComparison.Ordinal);
    }
}
