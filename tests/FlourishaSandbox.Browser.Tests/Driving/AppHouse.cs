using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>A house with an app in a sandbox without a network, whose pages are files in it; and the pages of that owner.</summary>
public sealed class AppHouse : IAsyncLifetime
{
    public const int Port = 8123;

    // Serves the files of its folder, and says 404 for others; as many at once as there are.
    private const string Server = """
        use IO::Socket::INET; $SIG{CHLD} = 'IGNORE';
        my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8123, Listen => 100, ReuseAddr => 1) or die;
        while (my $c = $l->accept) { next if fork; my $first = <$c>; while (<$c>) { last if /^\r?$/ } my ($p) = $first =~ m{^\S+ /([\w.-]*)}; $p = "index.html" if $p eq "";
            my ($s, $b) = ("404 Not Found", "nothing here"); if (open(my $f, "<", "/tmp/site/$p")) { local $/; $b = <$f>; $s = "200 OK" }
            my $t = $p =~ /\.zip$/ ? "application/zip" : "text/html; charset=utf-8";
            print $c "HTTP/1.1 $s\r\nContent-Type: $t\r\nConnection: close\r\nContent-Length: " . length($b) . "\r\n\r\n$b"; close $c; exit }
        """;

    private readonly BrowserHouse _house = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flourisha-pages-");
    private readonly Lazy<Task<Sandbox>> _app;

    public AppHouse() => _app = new(StartAsync);

    internal SandboxManager Manager => _house.Manager;

    /// <summary>Where pages are written down.</summary>
    internal string Folder => _folder.FullName;

    /// <summary>The pages of this process.</summary>
    internal SandboxPages Pages => field ??= NewPages();

    internal Task<Sandbox> App => _app.Value;

    /// <summary>Pages as another process would have them.</summary>
    internal SandboxPages NewPages() => new(Manager, Folder);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>Skips the test where there can be no browser, and puts a page into the app.</summary>
    public async Task<Sandbox> ServeAsync(string name, string html)
    {
        await _house.RequireAsync();
        var app = await App;
        await Manager.RunAsync(app, new CommandRequest { Command = "cat > /tmp/site/.new && mv /tmp/site/.new /tmp/site/" + name }, new MemoryStream(System.Text.Encoding.UTF8.GetBytes(html)), OperationObserver.None, BrowserHouse.Cancellation);
        return app;
    }

    /// <summary>A folder that goes with the house.</summary>
    internal string NewFolder() => _folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <summary>Opens one of the app's pages.</summary>
    internal async Task<SandboxPage> OpenAsync(string name, string html, SandboxPages? pages = null)
    {
        var app = await ServeAsync(name, html);
        return await (pages ?? Pages).OpenAsync(new PageOptions { Sandbox = app, Port = Port, Path = "/" + name }, OperationObserver.None, BrowserHouse.Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await Pages.DisposeAsync();
        await _house.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private async Task<Sandbox> StartAsync()
    {
        var image = (await Manager.Images.EnsureAsync(Manager.Templates.Get("browser"), OperationObserver.None, BrowserHouse.Cancellation)).Name;
        var app = await Manager.CreateAsync(new SandboxOptions { Image = image, Network = NetworkPolicy.None, Timeout = TimeSpan.FromMinutes(20) }, OperationObserver.None, BrowserHouse.Cancellation);
        await Manager.RunAsync(app, new CommandRequest { Command = "mkdir /tmp/site && echo '<title>start</title>' > /tmp/site/index.html" }, input: null, OperationObserver.None, BrowserHouse.Cancellation);
        await Manager.Processes.StartAsync(app, new CommandRequest { Command = "perl", Arguments = ["-e", Server] }, new ProcessOptions(), OperationObserver.None, BrowserHouse.Cancellation);
        await Manager.RunAsync(app, new CommandRequest { Command = "for i in $(seq 100); do perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(\"127.0.0.1:8123\")' && break; sleep 0.1; done" }, input: null, OperationObserver.None, BrowserHouse.Cancellation);
        return app;
    }
}
