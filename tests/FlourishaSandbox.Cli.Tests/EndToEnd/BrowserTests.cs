namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Pages, from one call to the next.</summary>
public sealed class BrowserTests : EngineTests
{
    // Writes down what is asked for: a click's request has to get out before the call ends that clicked.
    private const string Server = """
        use IO::Socket::INET; $SIG{CHLD} = 'IGNORE'; my $l = IO::Socket::INET->new(LocalPort => 8000, Listen => 50, ReuseAddr => 1) or die;
        while (my $c = $l->accept) { next if fork; my ($p) = <$c> =~ m{^\S+ (\S+)}; while (<$c>) { last if /^\r?$/ } open(my $f, '>>', '/tmp/asked'); print $f "$p\n"; close $f;
            my $b = "<!doctype html><title>Count</title><button onclick=\"fetch('/more'); n.textContent = 1 + +n.textContent; console.log('more')\">More</button><p id=n>0</p><label>Name <input></label>";
            print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " . length($b) . "\r\n\r\n$b"; close $c; exit }
        """;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Assert.SkipUnless(CliProgram.IsNative, "the browser's program is beside the native one only; './build.sh build' makes both");
    }

    [Fact]
    public async Task A_page_stays_from_one_call_to_the_next()
    {
        var id = await CreateAsync("--port", "8000");
        await RunWithInputAsync(System.Text.Encoding.UTF8.GetBytes(Server), "files", "write", id, "/tmp/server.pl");
        (await RunAsync("exec", id, "--background", "perl /tmp/server.pl")).Expect(0);
        (await RunAsync("get-host", id, "--wait", "30")).Expect(0);

        var page = (await RunAsync("browser", "nav", id)).Expect(0).Output.Trim();
        Assert.Matches(@"\A[0-9a-f]{8}\z", page);
        (await RunAsync("browser", "click", "--role", "button", "--name", "More")).Expect(0);
        (await RunAsync("browser", "type", "Ada", "--label", "Name")).Expect(0);
        Assert.Equal("1\n", (await RunAsync("browser", "text", "#n")).Expect(0).Output);
        Assert.Equal("Ada\n", (await RunAsync("browser", "text", "--label", "Name", "--value")).Expect(0).Output);
        Assert.Contains("/more\n", (await RunAsync("files", "read", id, "/tmp/asked")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Contains("[log] more\n", (await RunAsync("browser", "console")).Expect(0).Output, StringComparison.Ordinal);
        Assert.Equal(2, (await RunAsync("--json", "browser", "eval", "({ two: 2 })")).Expect(0).Json.GetProperty("two").GetInt32());
        Assert.Equal(page, (await RunAsync("browser", "list", "--json")).Expect(0).Json.EnumerateArray().Single().GetProperty("id").GetString());

        var missing = (await RunAsync("browser", "click", "--role", "button", "--name", "Less", "--timeout", "1s")).Expect(3);
        Assert.Contains("There is button \"More\"", missing.Error, StringComparison.Ordinal);
        (await RunAsync("browser", "eval", "while (true);", "--timeout", "1s")).Expect(124);

        var file = Path.Combine(Folder, "page.png");
        (await RunAsync("browser", "screenshot", file)).Expect(0);
        Assert.True(new FileInfo(file).Length > 0);
        (await RunAsync("browser", "screenshot", file)).Expect(4);

        (await RunAsync("browser", "close", page)).Expect(0);
        (await RunAsync("browser", "text", "--page", page)).Expect(3);
        Assert.Equal("", (await RunAsync("browser", "list")).Expect(0).Output);
    }
}
