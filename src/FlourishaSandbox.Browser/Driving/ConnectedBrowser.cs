using System.Collections.Concurrent;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>A browser that this process drives: the user's in its sandbox, or one on this machine that goes with this.</summary>
internal sealed class ConnectedBrowser : IAsyncDisposable
{
    // Playwright waits until every page says something. One that loops never does.
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan s_attachLimit = TimeSpan.FromSeconds(15);

    private readonly IPlaywright _playwright;
    private readonly BrowserDoor? _door;
    private readonly ConcurrentDictionary<string, TaskCompletionSource<IPage>> _pages = new(StringComparer.Ordinal);

    private ConnectedBrowser(BrowserKind kind, IPlaywright playwright, IBrowser browser, ICDPSession root, string userAgent, Sandbox? sandbox, BrowserDoor? door)
    {
        (Kind, _playwright, Browser, Root, UserAgent, Sandbox, _door) = (kind, playwright, browser, root, userAgent, sandbox, door);
        root.Event("Browser.downloadWillBegin").OnEvent += (_, begun) => DownloadRefused?.Invoke(begun?.Text("frameId") ?? "", begun?.Text("url") ?? "");
        foreach (var context in browser.Contexts)
        {
            context.Page += (_, page) => _ = NoteAsync(page);
            foreach (var page in context.Pages)
                _ = NoteAsync(page);
        }
    }

    /// <summary>Happens when a frame, the first, began to download from a URL, the second.</summary>
    public event Action<string, string>? DownloadRefused;

    /// <summary>Where it runs.</summary>
    public BrowserKind Kind { get; }

    /// <summary>The browser.</summary>
    public IBrowser Browser { get; }

    /// <summary>What speaks to the browser as a whole.</summary>
    public ICDPSession Root { get; }

    /// <summary>What it calls itself.</summary>
    public string UserAgent { get; }

    /// <summary>Its sandbox; null for one on this machine.</summary>
    public Sandbox? Sandbox { get; }

    /// <summary>What devices look like, as Playwright knows them.</summary>
    public IReadOnlyDictionary<string, BrowserNewContextOptions> Devices => _playwright.Devices;

    /// <summary>Whether it is still there.</summary>
    public bool IsConnected => Browser.IsConnected;

    /// <summary>Connects to the user's browser in its sandbox, both of which are started where they have to be; or starts one on this machine.</summary>
    /// <param name="manager">The sandboxes.</param>
    /// <param name="kind">Which.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static Task<ConnectedBrowser> ConnectAsync(SandboxManager manager, BrowserKind kind, OperationObserver observer, CancellationToken cancellationToken) =>
        kind == BrowserKind.Host ? LaunchAsync(manager.Settings, observer) : ConnectToSandboxAsync(manager, observer, cancellationToken);

    /// <summary>The page of a target.</summary>
    /// <param name="targetId">The target.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="TimeoutException">It does not come up.</exception>
    public Task<IPage> GetPageAsync(string targetId, CancellationToken cancellationToken) =>
        _pages.GetOrAdd(targetId, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task.WaitAsync(s_attachLimit, cancellationToken);

    /// <summary>The targets that are pages, with their titles and URLs as the browser has them: no page is asked.</summary>
    public async Task<IReadOnlyDictionary<string, (string Title, string Url)>> ListTargetsAsync()
    {
        var answer = await Root.CallAsync("Target.getTargets").ConfigureAwait(false);
        return answer.GetProperty("targetInfos").EnumerateArray().Where(one => one.Text("type") == "page").ToDictionary(one => one.Text("targetId"), one => (one.Text("title"), one.Text("url")));
    }

    /// <summary>Has a profile download nothing, for as long as this process is connected.</summary>
    /// <param name="context">The profile.</param>
    public Task RefuseDownloadsAsync(string context) => Root.CallAsync("Browser.setDownloadBehavior", ("behavior", "deny"), ("browserContextId", context.Length == 0 ? null : context), ("eventsEnabled", true));

    /// <summary>Closes the windows that a page opened while nobody drove it.</summary>
    /// <param name="target">The page.</param>
    /// <returns>Their URLs.</returns>
    public async Task<IReadOnlyList<string>> ClosePopupsAsync(string target)
    {
        var answer = await Root.CallAsync("Target.getTargets").ConfigureAwait(false);
        var popups = answer.GetProperty("targetInfos").EnumerateArray().Where(one => one.Text("type") == "page" && one.Text("openerId") == target).ToList();
        foreach (var popup in popups)
            await Root.CallAsync("Target.closeTarget", ("targetId", popup.Text("targetId"))).ConfigureAwait(false);

        return [.. popups.Select(popup => popup.Text("url"))];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            // Of one in a sandbox this ends the connection only; its pages stay.
            await Browser.CloseAsync().WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
        {
            // It has gone by itself. What is ours goes with the driver.
        }

        _playwright.Dispose();
        if (_door is not null)
            await _door.DisposeAsync().ConfigureAwait(false);
    }

    private static async Task<ConnectedBrowser> LaunchAsync(SandboxSettings settings, OperationObserver observer)
    {
        var program = HostBrowser.Find(settings.BrowserPath);
        observer.Verbose($"Starting '{program}' with a profile of its own.");
        var playwright = await BrowserDependencies.StartAsync().ConfigureAwait(false);
        try
        {
            // Chromium's own sandbox does not work for root, and is wanted for everybody else.
            var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = program, ChromiumSandbox = Environment.UserName != "root", Args = ["--disable-quic", "--mute-audio"] }).ConfigureAwait(false);
            return await BeginAsync(BrowserKind.Host, playwright, browser, sandbox: null, door: null).ConfigureAwait(false);
        }
        catch (PlaywrightException e)
        {
            playwright.Dispose();
            throw new SandboxException(SandboxError.HostRefused, $"The browser '{program}' cannot be used: {Suites.Pages.PlaywrightWords.Of(e)}", program, "Use the one in a sandbox, which is the default, or name another with the setting browser.path.", e);
        }
    }

    private static async Task<ConnectedBrowser> ConnectToSandboxAsync(SandboxManager manager, OperationObserver observer, CancellationToken cancellationToken)
    {
        var starting = BrowserDependencies.StartAsync();
        IPlaywright? playwright = null;
        BrowserDoor? door = null;
        try
        {
            var (sandbox, path) = await new BrowserSandboxes(manager).EnsureAsync(observer, cancellationToken).ConfigureAwait(false);
            door = new BrowserDoor(manager.Ports, sandbox, path);
            playwright = await starting.ConfigureAwait(false);
            var browser = await ConnectAsync(playwright, door, sandbox, observer, cancellationToken).ConfigureAwait(false);
            return await BeginAsync(BrowserKind.Sandbox, playwright, browser, sandbox, door).ConfigureAwait(false);
        }
        catch
        {
            // Whichever failed first: what was started beside it goes too.
            if (playwright is null && await starting.ContinueWith(done => done.IsCompletedSuccessfully, TaskScheduler.Default).ConfigureAwait(false))
                playwright = await starting.ConfigureAwait(false);

            playwright?.Dispose();
            if (door is not null)
                await door.DisposeAsync().ConfigureAwait(false);

            throw;
        }
    }

    private static async Task<ConnectedBrowser> BeginAsync(BrowserKind kind, IPlaywright playwright, IBrowser browser, Sandbox? sandbox, BrowserDoor? door)
    {
        var root = await browser.NewBrowserCDPSessionAsync().ConfigureAwait(false);
        var version = await root.CallAsync("Browser.getVersion").ConfigureAwait(false);
        return new ConnectedBrowser(kind, playwright, browser, root, version.Text("userAgent"), sandbox, door);
    }

    private static async Task<IBrowser> ConnectAsync(IPlaywright playwright, BrowserDoor door, Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await playwright.Chromium.ConnectOverCDPAsync(door.Url, new() { Timeout = (float)s_connectLimit.TotalMilliseconds }).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (System.TimeoutException) when (attempt == 1)
            {
                var closed = await HungPages.CloseAsync(door.Url, cancellationToken).ConfigureAwait(false);
                observer.Warning(closed == 0 ? $"The browser in sandbox '{sandbox}' is slow; trying once more." : $"{closed} page{(closed == 1 ? "" : "s")} in sandbox '{sandbox}' answered nothing, and {(closed == 1 ? "was" : "were")} closed: a script of such a page may loop.");
            }
            catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
            {
                // Its words may hold the door's URL, which is a secret.
                throw new SandboxException(SandboxError.AgentUnavailable, $"The browser in sandbox '{sandbox}' cannot be driven: {(e is System.TimeoutException ? "it does not answer" : "the connection was lost")}.", sandbox, "Close it with Close-SandboxPage -Browser or 'docker-sandbox browser close --all', and try again.");
            }
        }
    }

    private async Task NoteAsync(IPage page)
    {
        try
        {
            var session = await page.Context.NewCDPSessionAsync(page).ConfigureAwait(false);
            var target = (await session.CallAsync("Target.getTargetInfo").ConfigureAwait(false)).Text("targetInfo", "targetId");
            await session.DetachAsync().ConfigureAwait(false);
            page.Close += (_, _) => _pages.TryRemove(target, out _);
            _pages.GetOrAdd(target, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(page);
        }
        catch (PlaywrightException)
        {
            // It closed again at once.
        }
    }
}
