using System.Collections.Concurrent;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Reports;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Tests.Driving;
using FlourishaSandbox.Browser.Tests.Suites;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Tests.Reports;

/// <summary>The report's page as a browser shows it: on a phone and on a wide screen, light and dark, by keyboard alone.</summary>
[Collection(GuestBook.Collection)]
[Trait("Category", BrowserHouse.Category)]
public sealed class ReportLayoutTests(GuestBook book) : IDisposable
{
    // Which elements stand out on the right.
    private const string Overflow = """
        () => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? ''
            : [...document.querySelectorAll('body *')].filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth).map(each => each.tagName + '.' + each.className).slice(0, 10).join(' ') || 'something'
        """;
    private const string Long = "Averylongnamewithoutanyblankinitwhichgoesonandonandonandonandonandonandonandonandonandonandonandon";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_fits_on_every_screen_shows_its_pictures_and_asks_nobody_for_anything()
    {
        await book.GetSandboxAsync();
        await using var lease = await BrowserLease.TakeAsync(book.Manager, BrowserKind.Sandbox, OperationObserver.None, BrowserHouse.Cancellation);
        var html = await WriteAsync(lease);
        foreach (var (width, scheme) in ((int, ColorScheme)[])[(320, ColorScheme.Light), (390, ColorScheme.Dark), (820, ColorScheme.Light), (1280, ColorScheme.Dark)])
        {
            await using var context = await lease.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 800 }, ColorScheme = scheme }, BrowserHouse.Cancellation);
            var page = await context.NewPageAsync();
            var heard = new ConcurrentQueue<string>();
            page.Console += (_, message) => heard.Enqueue($"{message.Type}: {message.Text}");
            context.Request += (_, request) => heard.Enqueue(request.Url[..Math.Min(request.Url.Length, 100)]);
            await page.SetContentAsync(html);

            Assert.Equal("", await page.EvaluateAsync<string>(Overflow));
            Assert.True(await page.EvaluateAsync<bool>("() => [...document.images].length === 4 && [...document.images].every(image => image.complete && image.naturalWidth > 0)"));
            Assert.Equal(scheme == ColorScheme.Dark ? "rgb(15, 18, 22)" : "rgb(245, 246, 248)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));

            // What failed is open, with its picture above the words; the rest opens too, and fits even so.
            Assert.True(await page.Locator("details.card.failed").First.EvaluateAsync<bool>("card => card.open"));
            Assert.True(await page.Locator("details.card.failed img").First.IsVisibleAsync());
            await page.EvaluateAsync("() => document.querySelectorAll('details').forEach(each => each.open = true)");
            Assert.Equal("", await page.EvaluateAsync<string>(Overflow));
            Assert.All(heard, line => Assert.StartsWith("data:image/png;base64,", line, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task It_is_used_by_keyboard_and_shuts_nobody_out()
    {
        await book.GetSandboxAsync();
        await using var lease = await BrowserLease.TakeAsync(book.Manager, BrowserKind.Sandbox, OperationObserver.None, BrowserHouse.Cancellation);
        await using var context = await lease.NewContextAsync(new() { ViewportSize = new() { Width = 390, Height = 800 } }, BrowserHouse.Cancellation);
        var page = await context.NewPageAsync();
        await page.SetContentAsync(await WriteAsync(lease));

        // The first thing that Tab reaches leads to what failed first, and a card closes and opens by Enter.
        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("A", await page.EvaluateAsync<string>("() => document.activeElement.tagName"));
        var card = page.Locator("details.card.failed").First;
        await card.Locator("> summary").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.False(await card.EvaluateAsync<bool>("each => each.open"));
        await page.Keyboard.PressAsync("Enter");
        Assert.True(await card.EvaluateAsync<bool>("each => each.open"));

        // A picture grows when it is chosen, and never beyond the screen.
        var before = await page.Locator("img").First.EvaluateAsync<double>("image => image.getBoundingClientRect().height");
        await page.Locator(".shot > summary").First.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        var after = await page.Locator("img").First.EvaluateAsync<double[]>("image => [image.getBoundingClientRect().height, image.getBoundingClientRect().right]");
        Assert.True(after[0] > before, $"{after[0]} is not more than {before}.");
        Assert.InRange(after[1], 1, 390);
    }

    // Pictures of real sizes: high, wide, and whole pages.
    private async Task<string> WriteAsync(BrowserLease lease)
    {
        await using var context = await lease.NewContextAsync(new() { ViewportSize = new() { Width = 1280, Height = 800 } }, BrowserHouse.Cancellation);
        var page = await context.NewPageAsync();
        await page.SetContentAsync("<body style='background: teal; height: 3000px'>");
        Directory.CreateDirectory(_folder["evidence"]);
        List<AppTestPicture> pictures = [];
        foreach (var (name, width, height) in ((string, int, int)[])[("phone", 390, 844), ("desktop", 1280, 800), ("whole", 1280, 3000), ("strip", 1280, 40)])
        {
            var path = _folder[$"evidence/{name}.png"];
            await page.ScreenshotAsync(new() { Path = path, FullPage = true, Clip = new() { Width = width, Height = height } });
            pictures.Add(new AppTestPicture($"{name} {Long}", path, IsEvidence: name == "phone"));
        }

        var sandbox = ReportSamples.Sandbox("guest-book");
        var report = new AppTestReport(DateTimeOffset.UnixEpoch);
        var result = ReportSamples.Result(sandbox) with { Name = Long, Tags = [Long, "smoke"], Message = $"{Long} is not {Long}.", Steps = [new AppTestStep($"click {Long}", AppTestStatus.Failed, TimeSpan.FromSeconds(1))], Evidence = [_folder[$"evidence/{Long}.txt"]] };
        report.Add(result with { Pictures = pictures });
        report.Add(result with { Kind = AppTestKind.Console });
        for (var i = 0; i < 500; i++)
            report.Add(result with { Name = $"Check {i}", Kind = AppTestKind.Api, Status = AppTestStatus.Passed, Viewport = null, Message = null, Steps = [], Evidence = [] });

        return await File.ReadAllTextAsync(Assert.Single(await report.WriteAsync([_folder["report.html"]], BrowserHouse.Cancellation)), BrowserHouse.Cancellation);
    }
}
