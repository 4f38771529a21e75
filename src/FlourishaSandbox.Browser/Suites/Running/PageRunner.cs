using System.Text;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Makes checks of pages: opens one in a profile of its own, takes the steps to what is checked, and keeps evidence where something fails.</summary>
/// <param name="browser">The browser.</param>
/// <param name="suite">The suite.</param>
/// <param name="app">The app's URL, as the browser reaches it.</param>
/// <param name="options">How the suite is run.</param>
/// <param name="variables">The suite's variables.</param>
internal sealed class PageRunner(BrowserLease browser, AppTestSuite suite, Uri app, AppTestOptions options, SuiteVariables variables)
{
    private const int MaximumText = 1 << 20;
    private const long MaximumTrace = 64 << 20;
    private static readonly TimeSpan s_evidenceLimit = TimeSpan.FromSeconds(10);

    /// <summary>Makes one at one size.</summary>
    /// <param name="check">The check.</param>
    /// <param name="viewport">The size.</param>
    /// <param name="scope">Takes what is found.</param>
    /// <param name="onOpened">Gets what hears the page's console, before anything is opened.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends when all is as expected.</returns>
    /// <exception cref="CheckFailedException">Something is not as expected.</exception>
    public async Task RunAsync(PageCheck check, SuiteViewport viewport, CheckScope scope, Action<PageWatch> onOpened, CancellationToken cancellationToken)
    {
        var context = await browser.NewContextAsync(ContextFor(check, viewport), cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            await context.Tracing.StartAsync(new() { Screenshots = true, Snapshots = true, Title = $"{check.Name} ({viewport.Name})" }).WaitAsync(cancellationToken).ConfigureAwait(false);
            var page = await context.NewPageAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var watch = new PageWatch(context, page);
            onOpened(watch);
            try
            {
                var story = new StoryPage(page, app, variables, scope.Files, cancellationToken);
                var path = check.Path ?? suite.Content.App.Path;
                var opening = (Text: $"open {path}", Action: (Func<Task>)(() => story.GotoAsync(path, TimeSpan.FromSeconds(30))));
                var steps = check.Steps.Select(step => (step.Text, (Func<Task>)(() => step.RunAsync(story))));
                await scope.MakeAsync([opening, .. steps, .. Judgement(check, viewport, story, scope, cancellationToken)]).ConfigureAwait(false);
            }
            catch (Exception e) when (e is CheckFailedException or PlaywrightException or System.TimeoutException or OperationCanceledException)
            {
                // Kept also where the check's own time is over; not where the whole run is to end.
                await KeepEvidenceAsync(context, page, watch, scope).ConfigureAwait(false);
                throw;
            }
        }
    }

    private BrowserNewContextOptions ContextFor(PageCheck check, SuiteViewport viewport) => new()
    {
        ViewportSize = new ViewportSize { Width = viewport.Width, Height = viewport.Height },
        HasTouch = viewport.IsTouch,
        IsMobile = viewport.IsTouch,
        DeviceScaleFactor = 1,
        ColorScheme = (check.ColorScheme ?? suite.Content.Browser.ColorScheme) == SuiteColorScheme.Dark ? ColorScheme.Dark : ColorScheme.Light,
        Locale = suite.Content.Browser.Locale,
        TimezoneId = suite.Content.Browser.TimeZone,
        ReducedMotion = ReducedMotion.Reduce,
        AcceptDownloads = false,

        // As users have them; they go with the profile.
        ServiceWorkers = ServiceWorkerPolicy.Allow,
    };

    private IEnumerable<(string Text, Func<Task> Action)> Judgement(PageCheck check, SuiteViewport viewport, StoryPage story, CheckScope scope, CancellationToken cancellationToken)
    {
        if (check is PictureCheck picture)
            yield return ("compare with the baseline", () => new PictureJudge(browser, suite, options).JudgeAsync(picture, viewport, story, scope, cancellationToken));
        else if (check is AccessibilityCheck accessibility)
            yield return ("look for what shuts people out", () => AccessibilityJudge.JudgeAsync(accessibility, story, scope, cancellationToken));
    }

    // What can be had is kept: a page that hangs gives no picture, but its console and its trace.
    private static async Task KeepEvidenceAsync(IBrowserContext context, IPage page, PageWatch watch, CheckScope scope)
    {
        using var limit = new CancellationTokenSource(s_evidenceLimit);
        await TryAsync(async () => await scope.Files.SaveAsync("What was there", await PageCamera.TakeAsync(page, fullPage: false, mask: [], 5000).WaitAsync(limit.Token).ConfigureAwait(false), isEvidence: true, limit.Token).ConfigureAwait(false)).ConfigureAwait(false);
        await TryAsync(() => KeepTextAsync(page, scope, "page.txt", "() => document.body.innerText", limit.Token)).ConfigureAwait(false);
        await TryAsync(() => KeepTextAsync(page, scope, "page.html", "() => document.documentElement.outerHTML", limit.Token)).ConfigureAwait(false);
        await TryAsync(() => watch.Transcript is { Length: > 0 } text ? scope.Files.SaveFileAsync("console.txt", Encoding.UTF8.GetBytes(text), limit.Token) : Task.CompletedTask).ConfigureAwait(false);
        await TryAsync(() => KeepTraceAsync(context, scope, limit.Token)).ConfigureAwait(false);
    }

    private static async Task KeepTextAsync(IPage page, CheckScope scope, string name, string script, CancellationToken cancellationToken)
    {
        var text = await page.EvaluateAsync<string>($"() => ({script})().slice(0, {MaximumText})").WaitAsync(cancellationToken).ConfigureAwait(false);
        await scope.Files.SaveFileAsync(name, Encoding.UTF8.GetBytes($"{new Uri(page.Url)}\n\n{text}"), cancellationToken).ConfigureAwait(false);
    }

    private static async Task KeepTraceAsync(IBrowserContext context, CheckScope scope, CancellationToken cancellationToken)
    {
        var path = scope.Files.Reserve("trace.zip");
        try
        {
            await context.Tracing.StopAsync(new() { Path = path }).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaximumTrace)
                scope.Files.Forget(path);
        }
    }

    private static async Task TryAsync(Func<Task> keep)
    {
        try
        {
            await keep().ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException or OperationCanceledException or CheckFailedException)
        {
            // Evidence that cannot be had must not hide the failure that it is about.
        }
    }
}
