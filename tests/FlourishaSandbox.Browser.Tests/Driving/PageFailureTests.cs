using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>What is told where something is not there or cannot be done.</summary>
[Trait("Category", BrowserHouse.Category)]
public sealed class PageFailureTests(AppHouse house) : IClassFixture<AppHouse>
{
    private const string Html = """
        <title>Here</title><button>Save all</button><button>Cancel</button><a href=#>Help</a><label>City <input></label><div data-testid=total>7</div><p id=intro>Some words</p>
        <select aria-label=Size><option value=s>Small<option value=l>Large</select><button id=below style="position:absolute;top:300px">Below</button><div style="position:absolute;top:250px;width:600px;height:200px;background:red"></div>
        """;

    private static CancellationToken Cancellation => BrowserHouse.Cancellation;

    [Theory]
    [InlineData(PageElementBy.Role, "button", "Save", "There are button \"Save all\", button \"Cancel\"")]
    [InlineData(PageElementBy.Role, "checkbox", null, "link \"Help\"")]
    [InlineData(PageElementBy.Label, "Town", null, "\"City\"")]
    [InlineData(PageElementBy.TestId, "sum", null, "There is \"total\"")]
    [InlineData(PageElementBy.Text, "No words", null, "\"Some words\"")]
    [InlineData(PageElementBy.Css, "#intro2", null, "p#intro")]
    public async Task What_is_not_found_says_what_was_there(PageElementBy by, string value, string? name, string there)
    {
        var page = await house.OpenAsync("here.html", Html);
        var failure = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = new PageElement { By = by, Value = value, Name = name }, Timeout = TimeSpan.FromSeconds(1) }));
        Assert.Equal(SandboxError.ElementNotFound, failure.Error);
        Assert.Contains(there, failure.Message, StringComparison.Ordinal);
        await CloseAsync(page);
    }

    [Fact]
    public async Task What_cannot_be_done_says_why()
    {
        var page = await house.OpenAsync("here.html", Html);
        var several = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Role, Value = "button" } }));
        Assert.Equal(SandboxError.ElementNotFound, several.Error);
        Assert.StartsWith($"3 elements of page {page.Id} are button", several.Message, StringComparison.Ordinal);

        var option = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Select, Element = new PageElement { By = PageElementBy.Label, Value = "Size" }, Values = ["Medium"] }));
        Assert.Contains("has no option \"Medium\". It has Small, Large", option.Message, StringComparison.Ordinal);

        var covered = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Css, Value = "#below" }, Timeout = TimeSpan.FromSeconds(5) }));
        Assert.Equal(SandboxError.TimedOut, covered.Error);
        Assert.Contains("intercepts pointer events", covered.Message, StringComparison.Ordinal);

        var css = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Css, Value = "a[" } }));
        Assert.Equal(SandboxError.InvalidOption, css.Error);

        var thrown = await Assert.ThrowsAsync<SandboxException>(() => EvaluateAsync(page, "throw new Error('oh \u001b[31mno')"));
        Assert.Equal(SandboxError.PageFailed, thrown.Error);
        Assert.Contains("oh", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', thrown.Message);

        var elsewhere = await Assert.ThrowsAsync<SandboxException>(() => ActAsync(page, new PageAction { Kind = PageActionKind.Goto, Values = ["http://example.com/"] }));
        Assert.Equal(SandboxError.PageFailed, elsewhere.Error);
        Assert.Contains("may not connect", elsewhere.Message, StringComparison.Ordinal);
        await CloseAsync(page);
    }

    [Fact]
    public async Task A_page_that_is_not_open_is_told_with_those_that_are()
    {
        var page = await house.OpenAsync("here.html", Html);
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.GetAsync(new PageReference("0000ffff"), OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.PageNotFound, failure.Error);
        Assert.Contains(page.Id, failure.Message, StringComparison.Ordinal);
        await CloseAsync(page);
    }

    [Fact]
    public async Task Where_nothing_answers_no_page_is_left()
    {
        var app = await house.ServeAsync("here.html", Html);
        var before = await house.Pages.ListAsync(Cancellation);
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.OpenAsync(new PageOptions { Sandbox = app, Port = 8999 }, OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.PageFailed, failure.Error);
        Assert.Contains("8999", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before.Count, (await house.Pages.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task What_never_answers_is_given_up_and_so_is_what_its_user_gives_up()
    {
        await house.ServeAsync("here.html", Html);
        using var silent = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        silent.Start();
        var before = await house.Pages.ListAsync(Cancellation);
        var options = new PageOptions { Url = new Uri($"http://localhost:{((System.Net.IPEndPoint)silent.LocalEndpoint).Port}/"), Timeout = TimeSpan.FromSeconds(1) };
        var failure = await Assert.ThrowsAsync<SandboxException>(() => house.Pages.OpenAsync(options, OperationObserver.None, Cancellation));
        Assert.Equal(SandboxError.TimedOut, failure.Error);
        Assert.Contains("was not loaded within 1 s", failure.Message, StringComparison.Ordinal);

        using var interrupt = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => house.Pages.OpenAsync(options with { Timeout = TimeSpan.FromMinutes(5) }, OperationObserver.None, interrupt.Token));
        Assert.Equal(before.Count, (await house.Pages.ListAsync(Cancellation)).Count);
    }

    [Fact]
    public async Task What_cannot_be_used_is_told_before_anything_is_started()
    {
        var sandbox = new Sandbox { Name = "t1", Id = "0", Image = "i", State = SandboxState.Running, CreatedAt = DateTimeOffset.UtcNow, Owner = "o", Engine = "e" };
        PageOptions[] wrong =
        [
            new() { Sandbox = sandbox, Viewport = "wide" }, new() { Sandbox = sandbox, Locale = "../x" }, new() { Sandbox = sandbox, Path = "about" }, new() { Sandbox = sandbox, Port = 0 },
            new() { Sandbox = sandbox, AllowHosts = ["10.0.0.1"] }, new() { Url = new Uri("file:///etc/passwd") }, new() { Url = new Uri("http://a:b@localhost/") }, new(), new() { Sandbox = sandbox, Timeout = TimeSpan.Zero },
        ];
        Assert.All(wrong, options => Assert.Equal(SandboxError.InvalidOption, Assert.Throws<SandboxException>(options.Validate).Error));

        PageAction[] actions =
        [
            new() { Kind = PageActionKind.Click }, new() { Kind = PageActionKind.Press }, new() { Kind = PageActionKind.Scroll, Values = ["sideways"] }, new() { Kind = PageActionKind.Reload, Values = ["x"] },
            new() { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Role, Value = "knob" } }, new() { Kind = PageActionKind.Click, Element = new PageElement { By = PageElementBy.Css, Value = "a", Name = "x" } },
        ];
        Assert.All(actions, action => Assert.Equal(SandboxError.InvalidOption, Assert.Throws<SandboxException>(action.Validate).Error));
        await Task.CompletedTask;
    }

    private Task<SandboxPage> ActAsync(SandboxPage page, PageAction action) => house.Pages.ActAsync(new PageReference(page), action, OperationObserver.None, Cancellation);

    private Task<System.Text.Json.JsonElement> EvaluateAsync(SandboxPage page, string script) => house.Pages.EvaluateAsync(new PageReference(page), script, PageOptions.DefaultTimeout, OperationObserver.None, Cancellation);

    private Task CloseAsync(SandboxPage page) => house.Pages.CloseAsync(new PageReference(page), OperationObserver.None, Cancellation);
}
