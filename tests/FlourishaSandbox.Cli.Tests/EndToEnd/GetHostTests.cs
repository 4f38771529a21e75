namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Reaching what listens in a sandbox.</summary>
public sealed class GetHostTests : EngineTests
{
    // Perl, because every Debian has it.
    private const string Server = """
        exec perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalAddr => "0.0.0.0", LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
        while ($c = $s->accept) { $r = <$c>; while (<$c>) { last if /^\r?$/ } print $c "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n$r"; close $c }'
        """;

    [Fact]
    public async Task The_url_is_one_that_answers()
    {
        var id = await CreateAsync("-p", "8000");
        (await RunAsync("exec", id, "--background", "--shell", "sleep 1;", Server)).Expect(0);
        var result = (await RunAsync("get-host", id, "-p", "8000", "--wait", "30", "--path", "/health")).Expect(0);
        Assert.Matches(@"\Ahttp://127\.0\.0\.1:\d+\n\z", result.Output);
        Assert.Equal("", result.Error);

        using var client = new HttpClient();
        Assert.StartsWith("GET /a/b HTTP", await client.GetStringAsync(new Uri($"{result.Output.Trim()}/a/b")), StringComparison.Ordinal);

        var json = (await RunAsync("get-host", id, "--json")).Expect(0).Json;
        Assert.Equal(result.Output.Trim(), json.GetProperty("url").GetString());
        Assert.Equal(8000, json.GetProperty("port").GetInt32());
        Assert.False(json.GetProperty("ready").GetBoolean());
        Assert.False(json.GetProperty("public").GetBoolean());
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_is_waited_for_in_vain()
    {
        var id = await CreateAsync("-p", "8000");
        var result = (await RunAsync("get-host", id, "-p", "8000", "--wait", "1")).Expect(124);
        Assert.Equal("", result.Output);
        Assert.Contains("did not become ready within 1 s", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_was_not_named_is_published_when_it_is_asked_for()
    {
        var id = await CreateAsync("-p", "8000");
        (await RunAsync("exec", id, "--background", "--shell", Server.Replace("8000", "9000", StringComparison.Ordinal))).Expect(0);
        var url = (await RunAsync("get-host", id, "-p", "9000", "--wait", "30")).Expect(0).Output;
        Assert.Equal(url, (await RunAsync("get-host", id, "-p", "9000")).Expect(0).Output);
    }
}
