using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

[Trait("Category", BrowserHouse.Category)]
public sealed class SandboxPagesTests(AppHouse house) : IClassFixture<AppHouse>
{
    private const string Form = """
        <!doctype html><title>Tasks</title><h1>Tasks</h1><label>Task <input id=task></label><label>Colour <select id=colour><option value=r>Red<option value=b>Blue</select></label>
        <button onclick="add()">Add</button><button disabled>Remove</button><ul data-testid=list></ul><a href="/index.html">Elsewhere</a><p id=scheme></p>
        <script>
        console.log('ready', { size: innerWidth }); fetch('/missing.json');
        scheme.textContent = matchMedia('(prefers-color-scheme: dark)').matches + ' ' + navigator.language + ' ' + new Date(0).toLocaleDateString() + ' ' + ('ontouchstart' in window);
        function add() { const item = document.createElement('li'); item.textContent = task.value + ' in ' + colour.value; document.querySelector('ul').append(item); task.value = '' }
        </script>
        """;

    private static CancellationToken Cancellation => BrowserHouse.Cancellation;

    [Fact]
    public async Task A_page_is_used_as_a_person_would()
    {
        var page = await house.OpenAsync("form.html", Form);
        Assert.Equal(("Tasks", 200, "1280x800"), (page.Title, page.Status, page.Viewport));

        await ActAsync(page, PageActionKind.Type, Label("Task"), "Milk");
        await ActAsync(page, PageActionKind.Select, Label("Colour"), "Blue");
        await ActAsync(page, PageActionKind.Click, Role("button", "Add"));
        await ActAsync(page, PageActionKind.WaitFor, new PageElement { By = PageElementBy.Text, Value = "Milk in b" });
        await ActAsync(page, PageActionKind.Click, Label("Task"));
        await ActAsync(page, PageActionKind.Type, null, "Tea");
        await ActAsync(page, PageActionKind.Press, null, "Tab");
        await ActAsync(page, PageActionKind.Press, Role("button", "Add"), "Enter");

        Assert.Equal(["Milk in b", "Tea in b"], (await ReadAsync(page, new PageContentRequest { Element = Css("li") })).Texts);
        Assert.Equal(["list"], (await ReadAsync(page, new PageContentRequest { Element = Css("ul"), Attribute = "data-testid" })).Texts);
        Assert.Equal(["b"], (await ReadAsync(page, new PageContentRequest { Element = Css("#colour"), Kind = PageContentKind.Value })).Texts);
        Assert.Contains("- heading \"Tasks\" [level=1]", Assert.Single((await ReadAsync(page, new PageContentRequest { Kind = PageContentKind.Accessibility })).Texts), StringComparison.Ordinal);
        Assert.StartsWith("<html>", Assert.Single((await ReadAsync(page, new PageContentRequest { Kind = PageContentKind.Html })).Texts), StringComparison.Ordinal);

        var messages = await house.Pages.ReadMessagesAsync(new PageReference(page), OperationObserver.None, Cancellation);
        Assert.Equal("[log] ready {size: 1280}", Assert.Single(messages.Messages).ToString());
        Assert.Equal(404, Assert.Single(messages.Requests).Status);

        Assert.Equal("3", (await house.Pages.EvaluateAsync(new PageReference(page), "const three = 1 + 2; three", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation)).GetRawText());
        Assert.Equal("4", (await house.Pages.EvaluateAsync(new PageReference(page), "new Promise((done) => setTimeout(() => done(4), 50))", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation)).GetRawText());
        Assert.Equal("""{"a":["Tasks"]}""", (await house.Pages.EvaluateAsync(new PageReference(page), "async () => ({ a: [document.title] })", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation)).GetRawText());

        await ActAsync(page, PageActionKind.Goto, null, "/index.html");
        Assert.Equal("start", (await house.Pages.GetAsync(new PageReference(page.Id), OperationObserver.None, Cancellation)).Title);
        await house.Pages.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.GetAsync(new PageReference(page), OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.PageNotFound, failure.Error);
    }

    [Fact]
    public async Task Another_process_finds_a_page_as_it_was_left()
    {
        var app = await house.ServeAsync("form.html", Form);
        var first = house.NewPages();
        var opened = await first.OpenAsync(new PageOptions { Sandbox = app, Port = AppHouse.Port, Path = "/form.html", Viewport = "phone", ColorScheme = PageColorScheme.Dark, Locale = "de-DE" }, OperationObserver.None, Cancellation);
        Assert.Equal("390x844", opened.Viewport);
        await first.ActAsync(new PageReference(opened), new PageAction { Kind = PageActionKind.Type, Element = Label("Task"), Values = ["half typed"] }, OperationObserver.None, Cancellation);

        // What it asks for has been answered: it would not be any more.
        for (var tries = 0; tries < 400 && (await first.ReadMessagesAsync(new PageReference(opened), OperationObserver.None, Cancellation)).Requests.Count == 0; tries++)
            await Task.Delay(50, Cancellation);

        await first.DisposeAsync();

        await using var second = house.NewPages();
        var found = Assert.Single(await second.ListAsync(Cancellation), page => page.Id == opened.Id);
        Assert.Equal(("Tasks", 200, app.Name, "de-DE", PageColorScheme.Dark), (found.Title, found.Status, found.App, found.Locale, found.ColorScheme));
        var reference = new PageReference(found.Id);
        var value = await second.ReadAsync(reference, new PageContentRequest { Element = Label("Task"), Kind = PageContentKind.Value }, OperationObserver.None, Cancellation);
        Assert.Equal(["half typed"], value.Texts);

        // What it wrote before this process came is heard too.
        var messages = await second.ReadMessagesAsync(reference, OperationObserver.None, Cancellation);
        Assert.Equal("log", Assert.Single(messages.Messages).Kind);
        Assert.Equal(404, Assert.Single(messages.Requests).Status);

        // It looks the same to itself when it is loaded anew, also after a third process had it for a moment, and reaches its app.
        var third = house.NewPages();
        await third.ReadAsync(reference, new PageContentRequest(), OperationObserver.None, Cancellation);
        await third.DisposeAsync();
        await second.ActAsync(reference, new PageAction { Kind = PageActionKind.Reload }, OperationObserver.None, Cancellation);
        var scheme = await second.ReadAsync(reference, new PageContentRequest { Element = Css("#scheme") }, OperationObserver.None, Cancellation);
        Assert.Equal(["true de-DE 1.1.1970 true"], scheme.Texts);
        Assert.Equal("390", (await second.EvaluateAsync(reference, "screen.width", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation)).GetRawText());
        await second.CloseAsync(reference, OperationObserver.None, Cancellation);
        Assert.DoesNotContain(await second.ListAsync(Cancellation), page => page.Id == opened.Id);
    }

    [Fact]
    public async Task A_device_is_what_it_is_said_to_be()
    {
        var app = await house.ServeAsync("form.html", Form);
        await using var pages = house.NewPages();
        var page = await pages.OpenAsync(new PageOptions { Sandbox = app, Port = AppHouse.Port, Device = "iphone 13" }, OperationObserver.None, Cancellation);
        Assert.Equal(("iPhone 13", "390x664"), (page.Device, page.Viewport));
        var seen = await pages.EvaluateAsync(new PageReference(page), "navigator.userAgent.includes('iPhone') + ' ' + devicePixelRatio", PageOptions.DefaultTimeout, OperationObserver.None, Cancellation);
        Assert.Equal("true 3", seen.GetString());
        await pages.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);

        var failure = await Assert.ThrowsAsync<SandboxException>(() => pages.OpenAsync(new PageOptions { Sandbox = app, Port = AppHouse.Port, Device = "iPhone 99" }, OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.Contains("iPhone 13", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_are_of_the_page_an_element_or_paper()
    {
        await using var pages = house.NewPages();
        var page = await house.OpenAsync("shapes.html", "<style>body { margin: 0 } div { width: 120px; height: 80px }</style><div id=box></div><p style='height: 5000px'>", pages);
        var folder = house.NewFolder();
        async Task<string> SaveAsync(string name, PagePictureRequest request)
        {
            var picture = await pages.SaveAsync(new PageReference(page), request with { Path = Path.Combine(folder, name) }, OperationObserver.None, Cancellation);
            Assert.Equal(new FileInfo(picture.Path).Length, picture.Length);
            return picture.Path;
        }

        Assert.Equal((1280, 800), SizeOf(await SaveAsync("seen.png", new PagePictureRequest { Path = "" })));
        Assert.Equal((120, 80), SizeOf(await SaveAsync("box.png", new PagePictureRequest { Path = "", Element = Css("#box") })));
        Assert.InRange(SizeOf(await SaveAsync("whole.png", new PagePictureRequest { Path = "", FullPage = true })).Height, 5080, 5200);
        Assert.StartsWith("%PDF-", System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(await SaveAsync("paper.pdf", new PagePictureRequest { Path = "" }))), StringComparison.Ordinal);
        var failure = await Assert.ThrowsAsync<SandboxException>(() => SaveAsync("seen.png", new PagePictureRequest { Path = "" }));
        Assert.Equal(SandboxError.PathNotUsable, failure.Error);
        await pages.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);
    }

    private static (int Width, int Height) SizeOf(string png)
    {
        var bytes = File.ReadAllBytes(png).AsSpan();
        return (System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[16..]), System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(bytes[20..]));
    }

    private async Task ActAsync(SandboxPage page, PageActionKind kind, PageElement? element, params string[] values) =>
        await house.Pages.ActAsync(new PageReference(page), new PageAction { Kind = kind, Element = element, Values = values, Timeout = TimeSpan.FromSeconds(20) }, OperationObserver.None, Cancellation);

    private Task<PageContent> ReadAsync(SandboxPage page, PageContentRequest request) => house.Pages.ReadAsync(new PageReference(page), request, OperationObserver.None, Cancellation);

    private static PageElement Css(string value) => new() { By = PageElementBy.Css, Value = value };

    private static PageElement Label(string value) => new() { By = PageElementBy.Label, Value = value };

    private static PageElement Role(string role, string name) => new() { By = PageElementBy.Role, Value = role, Name = name };
}
