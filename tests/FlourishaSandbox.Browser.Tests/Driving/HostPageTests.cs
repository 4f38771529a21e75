using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>Pages of a browser on this machine.</summary>
[Trait("Category", BrowserHouse.Category)]
public sealed class HostPageTests(AppHouse house) : IClassFixture<AppHouse>
{
    private static CancellationToken Cancellation => BrowserHouse.Cancellation;

    [Fact]
    public async Task A_browser_of_this_machine_shows_a_page_and_goes_with_this_process()
    {
        try
        {
            HostBrowser.Find(null);
        }
        catch (SandboxException e)
        {
            Assert.Skip(e.Message);
        }

        using var site = new SmallSite(path => path == "/get" ? (200, "application/octet-stream", "x") : (200, "text/html", "<title>host</title><h1>here</h1><a href=/get download>get</a><script>alert('no'); console.warn(matchMedia('(prefers-color-scheme: dark)').matches, innerWidth)</script>"));
        await using var pages = house.NewPages();
        var page = await pages.OpenAsync(new PageOptions { Url = new Uri(site.Url), Browser = BrowserKind.Host, Viewport = "1100x500", ColorScheme = PageColorScheme.Dark }, OperationObserver.None, Cancellation);
        Assert.Equal(("host", 200, BrowserKind.Host, "1100x500"), (page.Title, page.Status, page.Browser, page.Viewport));
        var reference = new PageReference(page);
        await pages.ActAsync(reference, new PageAction { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Text, Value = "get" } }, OperationObserver.None, Cancellation);
        Assert.Equal(["here"], (await pages.ReadAsync(reference, new PageContentRequest { Element = new PageElement { By = PageElementBy.Role, Value = "heading" } }, OperationObserver.None, Cancellation)).Texts);
        var messages = (await pages.ReadMessagesAsync(reference, OperationObserver.None, Cancellation)).Messages.Select(message => message.ToString());
        Assert.Contains("[dialog] alert, dismissed: no", messages);
        Assert.Contains("[warning] true 1100", messages);
        Assert.Contains(await pages.ListAsync(Cancellation), one => one.Id == page.Id);

        // No other process knows of it.
        await using var other = house.NewPages();
        await Assert.ThrowsAsync<SandboxException>(() => other.GetAsync(reference, OperationObserver.None, Cancellation));
        await pages.CloseAsync(reference, OperationObserver.None, Cancellation);
        Assert.DoesNotContain(await pages.ListAsync(Cancellation), one => one.Id == page.Id);
    }

    [Fact]
    public void Where_there_is_no_browser_it_is_said_where_it_was_looked_for()
    {
        var named = Assert.Throws<SandboxException>(() => HostBrowser.Find("/nowhere/chromium"));
        Assert.Equal(SandboxError.HostRefused, named.Error);
        Assert.Contains("/nowhere/chromium", named.Message, StringComparison.Ordinal);

        Assert.Contains("/a/chromium", HostBrowser.Places(isWindows: false, isMac: false, name => name == "PATH" ? "/a:/b" : null));
        Assert.Contains("/Applications/Chromium.app/Contents/MacOS/Chromium", HostBrowser.Places(isWindows: false, isMac: true, _ => null));
        Assert.Contains(HostBrowser.Places(isWindows: true, isMac: false, name => name == "ProgramFiles" ? "C:" : null), path => path.EndsWith("chrome.exe", StringComparison.Ordinal));
    }
}
