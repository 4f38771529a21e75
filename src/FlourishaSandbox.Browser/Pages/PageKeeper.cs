using System.Collections.Concurrent;
using System.Diagnostics;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Keeps browsers and the pages that this process drives, from one call to the next, and finds those that other processes opened.</summary>
/// <param name="manager">The sandboxes.</param>
/// <param name="records">What is known of pages.</param>
internal sealed class PageKeeper(SandboxManager manager, PageRecords records) : IAsyncDisposable
{
    private static readonly TimeSpan s_renewal = TimeSpan.FromMinutes(1);

    private readonly string _driver = Guid.NewGuid().ToString("N");
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly ConcurrentDictionary<string, OpenPage> _pages = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _taking = new(StringComparer.Ordinal);
    private readonly ConnectedBrowser?[] _browsers = new ConnectedBrowser?[Enum.GetValues<BrowserKind>().Length];
    private long _renewed;

    /// <summary>What is known of pages.</summary>
    public PageRecords Records => records;

    /// <summary>The pages that this process drives.</summary>
    public IEnumerable<OpenPage> Held => _pages.Values.Where(page => !page.IsGone);

    /// <summary>The browser, which is started where it has to be.</summary>
    public async Task<ConnectedBrowser> ConnectAsync(BrowserKind kind, OperationObserver observer, CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_browsers[(int)kind] is { } known)
            {
                if (known.IsConnected && await RenewAsync(known, observer, cancellationToken).ConfigureAwait(false))
                    return known;

                await LetGoAsync(kind).ConfigureAwait(false);
            }

            var browser = await ConnectedBrowser.ConnectAsync(manager, kind, observer, cancellationToken).ConfigureAwait(false);
            browser.DownloadRefused += (frame, url) => _pages.Values.FirstOrDefault(page => page.Record.Target == frame)?.OnDownload(url);
            _renewed = Stopwatch.GetTimestamp();
            if (browser.Sandbox is { } sandbox)
                records.ForgetOthers(sandbox.Id);

            return _browsers[(int)kind] = browser;
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Keeps a page that was opened.</summary>
    public void Add(OpenPage page) => _pages[page.Id] = page;

    /// <summary>The page that is meant, which is taken up where another process opened it.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>; <see cref="SandboxError.PageFailed"/>: it was closed for what it did.</exception>
    public async Task<OpenPage> GetAsync(PageReference reference, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (_pages.TryGetValue(reference.Id, out var page))
        {
            page.Require();
            if (!page.IsGone && page.Browser == await ConnectAsync(page.Browser.Kind, observer, cancellationToken).ConfigureAwait(false))
                return await TakeBackAsync(page, cancellationToken).ConfigureAwait(false);
        }

        var record = records.Find(reference.Id) ?? throw await NotFoundAsync(reference, cancellationToken).ConfigureAwait(false);
        var gate = _taking.GetOrAdd(record.Id, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_pages.TryGetValue(record.Id, out page) && !page.IsGone)
                return page;

            return await TakeUpAsync(reference, record, observer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>A page that was closed for what it did, or that crashed; null where there is none of that id.</summary>
    public OpenPage? FindEnded(PageReference reference) => _pages.TryGetValue(reference.Id, out var page) && page.EndReason is not null ? page : null;

    /// <summary>Closes a page that this process does not drive, without driving it.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>.</exception>
    public async Task CloseElsewhereAsync(PageReference reference, CancellationToken cancellationToken)
    {
        var browsers = new BrowserSandboxes(manager);
        if (records.Find(reference.Id) is not { } record
            || await browsers.FindAsync(cancellationToken).ConfigureAwait(false) is not { State: SandboxState.Running } sandbox
            || sandbox.Id != record.Browser
            || await browsers.AskAsync(sandbox, cancellationToken).ConfigureAwait(false) is not { } path)
            throw await NotFoundAsync(reference, cancellationToken).ConfigureAwait(false);

        await BrowserCall.MakeAsync(manager, sandbox, path, "Target.disposeBrowserContext", new() { ["browserContextId"] = record.Context }, cancellationToken).ConfigureAwait(false);
        records.Forget(record.Id);
    }

    /// <summary>Closes a page for good.</summary>
    public async Task CloseAsync(OpenPage page)
    {
        _pages.TryRemove(page.Id, out _);
        await EndAsync(page).ConfigureAwait(false);
        await page.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Takes a page's profile away, which ends whatever it does.</summary>
    public async Task EndAsync(OpenPage page)
    {
        records.Forget(page.Id);
        try
        {
            if (page.Browser.Sandbox is not null)
                await page.Browser.Root.CallAsync("Target.disposeBrowserContext", ("browserContextId", page.Record.Context)).WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
            else
                await page.Page.Context.CloseAsync().WaitAsync(TimeSpan.FromSeconds(10)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is PlaywrightException or System.TimeoutException)
        {
            // It has gone already, or goes with its browser.
        }

        await page.CloseTunnelAsync().ConfigureAwait(false);
    }

    /// <summary>The failure that there is no such page, with those that there are.</summary>
    public async Task<SandboxException> NotFoundAsync(PageReference reference, CancellationToken cancellationToken)
    {
        var known = Held.Select(page => page.Id).ToList();
        if (await new BrowserSandboxes(manager).FindAsync(cancellationToken).ConfigureAwait(false) is { State: SandboxState.Running } sandbox)
            known.AddRange(records.List(sandbox.Id).Select(record => record.Id));

        return new SandboxException(SandboxError.PageNotFound, $"There is no open page '{Suites.Excerpt.Of(reference.Id)}'. {(known.Count == 0 ? "None is open." : $"Open {(known.Distinct().Count() == 1 ? "is" : "are")} {string.Join(", ", known.Distinct().Take(20))}.")}", reference.Id, "Open one with Open-SandboxPage or 'docker-sandbox browser nav'. Pages end with their browser: 30 minutes after it was used last.");
    }

    /// <summary>Lets go of all pages of a browser, and of the browser.</summary>
    public async Task LetGoAsync(BrowserKind kind)
    {
        if (_browsers[(int)kind] is not { } browser)
            return;

        _browsers[(int)kind] = null;
        foreach (var page in _pages.Values.Where(page => page.Browser == browser))
        {
            // Why one was closed is still to be told.
            if (page.EndReason is null)
                _pages.TryRemove(page.Id, out _);

            await page.DisposeAsync().ConfigureAwait(false);
        }

        await browser.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var kind in Enum.GetValues<BrowserKind>())
            await LetGoAsync(kind).ConfigureAwait(false);

        _connecting.Dispose();
    }

    // Each use gives the browser's sandbox a new deadline. False where it has ended.
    private async Task<bool> RenewAsync(ConnectedBrowser browser, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (browser.Sandbox is not { } sandbox || Stopwatch.GetElapsedTime(_renewed) < s_renewal)
            return true;

        try
        {
            await manager.SetTimeoutAsync(sandbox, BrowserSandboxes.Lifetime, observer, cancellationToken).ConfigureAwait(false);
            _renewed = Stopwatch.GetTimestamp();
            return true;
        }
        catch (SandboxException e) when (e.Error is SandboxError.SandboxNotFound or SandboxError.SandboxNotRunning)
        {
            return false;
        }
    }

    /// <summary>Writes down what others are told of a page.</summary>
    public Task WriteAsync(OpenPage page, CancellationToken cancellationToken) => page.Browser.Sandbox is null ? Task.CompletedTask : records.WriteAsync(page.RecordNow() with { Driver = _driver }, cancellationToken);

    // Another process may have had it meanwhile.
    private async Task<OpenPage> TakeBackAsync(OpenPage page, CancellationToken cancellationToken)
    {
        if (page.Browser.Sandbox is null || records.Find(page.Id)?.Driver == _driver)
            return page;

        return await CdpCalls.WithinAsync($"Taking up page {page.Id}", page.Id, PageOptions.DefaultTimeout, async _ =>
        {
            await page.Browser.RefuseDownloadsAsync(page.Record.Context).ConfigureAwait(false);
            await page.ApplyLookAsync().ConfigureAwait(false);
            await WriteAsync(page, cancellationToken).ConfigureAwait(false);
            return page;
        }, cancellationToken).ConfigureAwait(false);
    }

    private async Task<OpenPage> TakeUpAsync(PageReference reference, PageRecord record, OperationObserver observer, CancellationToken cancellationToken)
    {
        // No browser is started for a page that went with the last one.
        if (await new BrowserSandboxes(manager).FindAsync(cancellationToken).ConfigureAwait(false) is not { State: SandboxState.Running } sandbox || sandbox.Id != record.Browser)
            throw await NotFoundAsync(reference, cancellationToken).ConfigureAwait(false);

        var browser = await ConnectAsync(BrowserKind.Sandbox, observer, cancellationToken).ConfigureAwait(false);
        var targets = await browser.ListTargetsAsync().ConfigureAwait(false);
        if (browser.Sandbox?.Id != record.Browser || !targets.ContainsKey(record.Target))
        {
            records.Forget(record.Id);
            throw await NotFoundAsync(reference, cancellationToken).ConfigureAwait(false);
        }

        return await CdpCalls.WithinAsync($"Taking up page {record.Id}", record.Id, PageOptions.DefaultTimeout, async _ =>
        {
            var page = await browser.GetPageAsync(record.Target, cancellationToken).ConfigureAwait(false);
            var destinations = new PageDestinations(manager);
            destinations.Allow(record.Destinations);
            var open = new OpenPage(record.Id, browser, page, await page.Context.NewCDPSessionAsync(page).ConfigureAwait(false), new PageTunnel(manager.Ports, browser.Sandbox, record.Port, destinations), record, EndAsync);
            try
            {
                await browser.RefuseDownloadsAsync(record.Context).ConfigureAwait(false);
                await open.PrepareAsync().ConfigureAwait(false);
                foreach (var url in await browser.ClosePopupsAsync(record.Target).ConfigureAwait(false))
                    open.Journal.Note("popup", $"closed: {url}", NuisanceGauge.Popup);

                await WriteAsync(open, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                await open.DisposeAsync().ConfigureAwait(false);
                throw;
            }

            Add(open);
            return open;
        }, cancellationToken).ConfigureAwait(false);
    }
}
