using FlourishaSandbox.Commands;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

[Trait("Category", BrowserHouse.Category)]
public sealed class PageScreenshotTests(BrowserHouse house) : IClassFixture<BrowserHouse>, IDisposable
{
    private const string Server = """
        use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", LocalPort => 8124, Listen => 50, ReuseAddr => 1) or die;
        while (my $c = $l->accept) { my $first = <$c>; while (<$c>) { last if /^\r?$/ } my $b = "<title>shown</title><script>alert(1)</script><div style='height:3000px'>tall</div>"; print $c "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\nContent-Length: " . length($b) . "\r\n\r\n$b"; close $c }
        """;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flourisha-pictures-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_picture_has_the_size_that_was_asked_for_and_replaces_nothing_unasked()
    {
        await house.RequireAsync();
        var image = (await house.Manager.Images.EnsureAsync(house.Manager.Templates.Get("browser"), OperationObserver.None, BrowserHouse.Cancellation)).Name;
        var app = await house.Manager.CreateAsync(new SandboxOptions { Image = image, Network = NetworkPolicy.None, Timeout = TimeSpan.FromMinutes(10) }, OperationObserver.None, BrowserHouse.Cancellation);
        await house.Manager.Processes.StartAsync(app, new CommandRequest { Command = "perl", Arguments = ["-e", Server] }, new ProcessOptions(), OperationObserver.None, BrowserHouse.Cancellation);
        await house.Manager.RunAsync(app, new CommandRequest { Command = "for i in $(seq 100); do perl -MIO::Socket::INET -e 'exit !IO::Socket::INET->new(\"127.0.0.1:8124\")' && break; sleep 0.1; done" }, input: null, OperationObserver.None, BrowserHouse.Cancellation);

        var path = Path.Combine(_folder.FullName, "picture.png");
        await using var pages = new SandboxPages(house.Manager, _folder.CreateSubdirectory("pages").FullName);
        var options = new PageOptions { Sandbox = app, Port = 8124, Viewport = "500x400" };
        var request = new PagePictureRequest { Path = path };
        var taken = await pages.SaveAsync(options, request, OperationObserver.None, BrowserHouse.Cancellation);
        Assert.Equal(("shown", 200, 500, 400), (taken.Title, taken.Status, Width(path), Height(path)));

        var failure = await Assert.ThrowsAsync<SandboxException>(() => pages.SaveAsync(options, request, OperationObserver.None, BrowserHouse.Cancellation));
        Assert.Equal(SandboxError.PathNotUsable, failure.Error);

        await pages.SaveAsync(options, request with { Overwrite = true, FullPage = true }, OperationObserver.None, BrowserHouse.Cancellation);
        Assert.InRange(Height(path), 3000, 3100);

        failure = await Assert.ThrowsAsync<SandboxException>(() => pages.SaveAsync(options with { Port = 8125 }, request with { Overwrite = true }, OperationObserver.None, BrowserHouse.Cancellation));
        Assert.Equal(SandboxError.PageFailed, failure.Error);
        Assert.Contains("8125", failure.Message, StringComparison.Ordinal);
        Assert.Single(_folder.GetFiles());
    }

    private static int Width(string png) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(png).AsSpan(16));

    private static int Height(string png) => System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(png).AsSpan(20));
}
