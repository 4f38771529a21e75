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

    private async Task ActAsync(SandboxPage page, PageActionKind kind, PageElement? element, params string[] values) =>
        await house.Pages.ActAsync(new PageReference(page), new PageAction { Kind = kind, Element = element, Values = values, Timeout = TimeSpan.FromSeconds(20) }, OperationObserver.None, Cancellation);

    private Task<PageContent> ReadAsync(SandboxPage page, PageContentRequest request) => house.Pages.ReadAsync(new PageReference(page), request, OperationObserver.None, Cancellation);

    private static PageElement Css(string value) => new() { By = PageElementBy.Css, Value = value };

    private static PageElement Label(string value) => new() { By = PageElementBy.Label, Value = value };

    private static PageElement Role(string role, string name) => new() { By = PageElementBy.Role, Value = role, Name = name };
}
