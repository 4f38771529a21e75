using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>Pages that mean no good: none hangs or fills anything, and each is cut off at a limit.</summary>
[Trait("Category", BrowserHouse.Category)]
public sealed class HostilePageTests(AppHouse house) : IClassFixture<AppHouse>
{
    private static CancellationToken Cancellation => BrowserHouse.Cancellation;

    [Fact]
    public async Task Twenty_pages_in_parallel_each_show_their_own()
    {
        await house.ServeAsync("twenty.html", "<script>document.title = location.hash</script><h1></h1><button onclick=\"document.querySelector('h1').textContent = 'was ' + location.hash\">Go</button>");
        var app = await house.App;
        var texts = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            var page = await house.Pages.OpenAsync(new PageOptions { Sandbox = app, Port = AppHouse.Port, Path = $"/twenty.html#{i}", Timeout = TimeSpan.FromMinutes(2) }, OperationObserver.None, Cancellation);
            await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("button"), Timeout = TimeSpan.FromMinutes(2) });
            var read = await house.Pages.ReadAsync(new PageReference(page), new PageContentRequest { Element = Css("h1"), Timeout = TimeSpan.FromMinutes(2) }, OperationObserver.None, Cancellation);
            return (page, Text: read.Texts.Single());
        }));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"was #{i}"), texts.Select(text => text.Text));
        Assert.Equal(20, (await house.Pages.ListAsync(Cancellation)).Select(page => page.Id).Intersect(texts.Select(text => text.page.Id)).Count());
        await Task.WhenAll(texts.Select(text => CloseAsync(text.page)));
        Assert.Empty((await house.Pages.ListAsync(Cancellation)).Select(page => page.Id).Intersect(texts.Select(text => text.page.Id)));
    }

    [Fact]
    public async Task A_page_that_loops_keeps_nobody_and_is_closed_all_the_same()
    {
        var other = await house.OpenAsync("well.html", "<h1>well</h1>");
        var page = await house.OpenAsync("loop.html", "<button onclick='while (true);'>Loop</button>");
        var clicked = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("button"), Timeout = TimeSpan.FromSeconds(2) }));
        Assert.Equal(SandboxError.TimedOut, clicked.Error);
        var read = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.ReadAsync(new PageReference(page), new PageContentRequest { Timeout = TimeSpan.FromSeconds(1) }, OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.TimedOut, read.Error);
        Assert.Contains("looping", read.Remedy, StringComparison.Ordinal);

        // It is listed and the others go on; closing it does not ask it.
        Assert.Contains(page.Id, (await house.Pages.ListAsync(Cancellation)).Select(one => one.Id));
        Assert.Equal(["well"], (await house.Pages.ReadAsync(new PageReference(other), new PageContentRequest(), OperationObserver.None, Cancellation)).Texts);
        await CloseAsync(page);
        await CloseAsync(other);
    }

    [Fact]
    public async Task A_page_that_hung_is_closed_by_a_process_that_comes_later()
    {
        var page = await house.OpenAsync("loop.html", "<script>setTimeout(() => { while (true); }, 500)</script><h1>wait</h1>");
        await using var later = house.NewPages();
        await Task.Delay(1000, Cancellation);
        await later.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);
        Assert.DoesNotContain(page.Id, (await later.ListAsync(Cancellation)).Select(one => one.Id));
    }

    [Fact]
    public async Task A_page_that_hangs_keeps_no_later_process_out()
    {
        var hung = await house.OpenAsync("loop.html", "<script>setTimeout(() => { while (true); }, 500)</script><h1>wait</h1>");
        await Task.Delay(1000, Cancellation);
        await using var later = house.NewPages();
        var page = await house.OpenAsync("well.html", "<h1>well</h1>", later);
        Assert.Equal(["well"], (await later.ReadAsync(new PageReference(page), new PageContentRequest(), OperationObserver.None, Cancellation)).Texts);

        // It had been asked, and said nothing.
        Assert.DoesNotContain(hung.Id, (await later.ListAsync(Cancellation)).Select(one => one.Id));
        await later.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);
    }

    [Fact]
    public async Task A_script_that_never_ends_is_ended()
    {
        var page = await house.OpenAsync("well.html", "<h1>well</h1>");
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.EvaluateAsync(new PageReference(page), "while (true);", TimeSpan.FromSeconds(1), OperationObserver.None, Cancellation));
        Assert.True(failure.Error == SandboxError.TimedOut, failure.Message);
        Assert.Equal(["well"], (await house.Pages.ReadAsync(new PageReference(page), new PageContentRequest(), OperationObserver.None, Cancellation)).Texts);
        await CloseAsync(page);
    }

    [Fact]
    public async Task A_flood_on_the_console_is_kept_in_bounds_and_then_cut_off()
    {
        var page = await house.OpenAsync("flood.html", "<button id=one onclick=\"for (let i = 0; i < 1500; i++) console.log(i + 'x'.repeat(5000))\">Some</button><button id=all onclick=\"setInterval(() => { for (let i = 0; i < 2000; i++) console.log('y') }, 1)\">All</button>");
        await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#one") });
        var messages = await MessagesAsync(page, read => read.Dropped >= 500);
        Assert.Equal(1000, messages.Messages.Count);
        Assert.All(messages.Messages, message => Assert.True(message.Text.Length <= 2001));

        await Assert.ThrowsAsync<SandboxException>(async () =>
        {
            await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#all"), Timeout = TimeSpan.FromMinutes(1) });
            await UntilGoneAsync(page);
        });
        Assert.Contains("wrote more than 10,000 lines to its console", await ReasonAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dialogs_are_dismissed_and_told_and_who_opens_them_for_ever_is_closed()
    {
        var page = await house.OpenAsync("dialogs.html", "<button id=one onclick=\"document.title = confirm('really?') + ' ' + prompt('who?')\">Ask</button><button id=all onclick=\"while (true) alert('again')\">Nag</button>");
        await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#one") });
        Assert.Equal("false null", (await house.Pages.GetAsync(new PageReference(page), OperationObserver.None, Cancellation)).Title);
        Assert.Equal(["confirm, dismissed: really?", "prompt, dismissed: who?"], (await MessagesAsync(page, read => read.Messages.Count == 2)).Messages.Select(message => message.Text));

        await Assert.ThrowsAsync<SandboxException>(async () =>
        {
            await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#all"), Timeout = TimeSpan.FromMinutes(1) });
            await UntilGoneAsync(page);
        });
        Assert.Contains("opened more than 100 dialogs", await ReasonAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Downloads_are_refused_and_windows_closed_and_both_are_told()
    {
        await house.ServeAsync("big.zip", "0123456789");
        var page = await house.OpenAsync("tries.html", "<a href=/big.zip download>Get</a><button id=one onclick=\"window.open('/index.html')\">Open</button><button id=all onclick=\"setInterval(() => { const a = document.createElement('a'); a.href = '/big.zip?' + Math.random(); a.download = 'x'; a.click() }, 5)\">More</button>");
        await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("a") });
        await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#one") });
        var kinds = (await MessagesAsync(page, read => read.Messages.Count >= 2)).Messages.Select(message => message.Kind).Order();
        Assert.Equal(["download", "popup"], kinds);
        Assert.Single(await house.Pages.ListAsync(Cancellation), one => one.Id == page.Id);

        await Assert.ThrowsAsync<SandboxException>(async () =>
        {
            await ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = Css("#all"), Timeout = TimeSpan.FromMinutes(1) });
            await UntilGoneAsync(page);
        });
        Assert.Contains("began more than 50 downloads", await ReasonAsync(page), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_huge_is_cut_off()
    {
        var page = await house.OpenAsync("huge.html", "<title></title><ul></ul><script>document.title = 't\\u001b'.repeat(1e6); const u = document.querySelector('ul'); for (let i = 0; i < 3000; i++) u.append(Object.assign(document.createElement('li'), { textContent: 'x'.repeat(1000) }))</script>");
        Assert.Equal(201, page.Title.Length);
        Assert.DoesNotContain('\u001b', page.Title);

        var whole = await house.Pages.ReadAsync(new PageReference(page), new PageContentRequest { Kind = PageContentKind.Html }, OperationObserver.None, Cancellation);
        Assert.True(whole.IsCut);
        Assert.Equal(1 << 20, Assert.Single(whole.Texts).Length);

        var items = await house.Pages.ReadAsync(new PageReference(page), new PageContentRequest { Element = Css("li") }, OperationObserver.None, Cancellation);
        Assert.True(items.IsCut);
        Assert.Equal(1000, items.Texts.Count);

        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.EvaluateAsync(new PageReference(page), "Array(5e6).fill(1)", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation));
        Assert.Contains("gave back more than", failure.Message, StringComparison.Ordinal);

        var path = Path.Combine(house.Folder, "huge.png");
        await house.Pages.SaveAsync(new PageReference(page), new PagePictureRequest { Path = path, FullPage = true }, OperationObserver.None, Cancellation);
        Assert.Equal(8000, System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(File.ReadAllBytes(path).AsSpan(20)));
        await CloseAsync(page);
    }

    private static PageElement Css(string value) => new() { By = PageElementBy.Css, Value = value };

    private Task<SandboxPage> ActAsync(SandboxPage page, PageAction action) => house.Pages.ActAsync(new PageReference(page), action, OperationObserver.None, Cancellation);

    private Task CloseAsync(SandboxPage page) => house.Pages.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);

    private async Task<PageMessages> MessagesAsync(SandboxPage page, Func<PageMessages, bool> isEnough)
    {
        for (var attempt = 0; ; attempt++)
        {
            var read = await house.Pages.ReadMessagesAsync(new PageReference(page), OperationObserver.None, Cancellation);
            if (isEnough(read) || attempt == 200)
                return read;

            await Task.Delay(50, Cancellation);
        }
    }

    private async Task UntilGoneAsync(SandboxPage page)
    {
        for (var attempt = 0; attempt < 600; attempt++)
        {
            await house.Pages.GetAsync(new PageReference(page), OperationObserver.None, Cancellation);
            await Task.Delay(100, Cancellation);
        }
    }

    private async Task<string> ReasonAsync(SandboxPage page)
    {
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.GetAsync(new PageReference(page), OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.PageFailed, failure.Error);
        await CloseAsync(page);
        return failure.Message;
    }
}
