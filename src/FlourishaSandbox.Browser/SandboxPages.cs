using System.Text.Json;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Pages;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>
/// The pages of a user. Those in the browser's sandbox are found again by every process of that user; those of a browser on this machine go
/// with this. Dispose of it to let go of the browsers.
/// </summary>
public sealed class SandboxPages : IAsyncDisposable
{
    private readonly SandboxManager _manager;
    private readonly PageKeeper _keeper;
    private readonly PageOpener _opener;

    /// <summary>Looks after them. No browser is started yet.</summary>
    /// <param name="manager">The sandboxes.</param>
    public SandboxPages(SandboxManager manager)
        : this(manager, folder: null)
    {
    }

    internal SandboxPages(SandboxManager manager, string? folder)
    {
        ArgumentNullException.ThrowIfNull(manager);
        _manager = manager;
        _keeper = new PageKeeper(manager, new PageRecords(manager, folder));
        _opener = new PageOpener(manager, _keeper);
    }

    /// <summary>How long what a page does may go on after an action, so that its requests still get out; nothing where this process stays.</summary>
    public TimeSpan Settling { get; init; }

    /// <summary>Opens a page in a profile of its own. Dialogs are dismissed, further windows closed and downloads refused; a page that goes on with any of them is closed.</summary>
    /// <param name="options">Which.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The page, loaded.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>; <see cref="SandboxError.PortNotReachable"/>; <see cref="SandboxError.PageFailed"/>: it cannot be
    /// opened; <see cref="SandboxError.TimedOut"/>; <see cref="SandboxError.HostRefused"/>: there is no browser.
    /// </exception>
    public async Task<SandboxPage> OpenAsync(PageOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(observer);
        var open = await _opener.OpenAsync(options, observer, cancellationToken).ConfigureAwait(false);
        return await EndAsync(open, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The pages that are open, those of other processes too, the one that was used last first. None is asked, so one that hangs is told of too.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IReadOnlyList<SandboxPage>> ListAsync(CancellationToken cancellationToken)
    {
        var pages = new List<SandboxPage>();
        foreach (var open in _keeper.Held.Where(open => open.Browser.Kind == BrowserKind.Host))
            pages.Add(await open.DescribeAsync().WaitAsync(cancellationToken).ConfigureAwait(false));

        var browsers = new BrowserSandboxes(_manager);
        if (await browsers.FindAsync(cancellationToken).ConfigureAwait(false) is not { State: SandboxState.Running } sandbox)
            return pages;

        var records = _keeper.Records.List(sandbox.Id);
        if (records.Count == 0)
            return pages;

        var targets = await browsers.ListTargetsAsync(sandbox, cancellationToken).ConfigureAwait(false);
        foreach (var record in records)
        {
            if (targets.TryGetValue(record.Target, out var target))
                pages.Add(OpenPage.Describe(record, BrowserKind.Sandbox, target.Title, target.Url));
            else
                _keeper.Records.Forget(record.Id);
        }

        return pages;
    }

    /// <summary>A page, as it is now.</summary>
    /// <param name="page">Which.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>; <see cref="SandboxError.PageFailed"/>: it was closed for what it did.</exception>
    public async Task<SandboxPage> GetAsync(PageReference page, OperationObserver observer, CancellationToken cancellationToken)
    {
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        return await open.DescribeAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Does something with a page.</summary>
    /// <param name="page">Which.</param>
    /// <param name="action">What.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The page, as it is then.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>; <see cref="SandboxError.PageNotFound"/>; <see cref="SandboxError.ElementNotFound"/>: with what was
    /// there instead; <see cref="SandboxError.TimedOut"/>; <see cref="SandboxError.PageFailed"/>.
    /// </exception>
    public async Task<SandboxPage> ActAsync(PageReference page, PageAction action, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(action);
        action.Validate();
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"{action} on page {open.Id}.");
        await new PageActor(open, cancellationToken).ActAsync(action).ConfigureAwait(false);
        return await EndAsync(open, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Opens something else in a page's place, which may be another app's. The page keeps its look.</summary>
    /// <param name="page">Which.</param>
    /// <param name="options">What is opened.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The page, loaded.</returns>
    /// <exception cref="SandboxException">As for <see cref="OpenAsync"/> and <see cref="GetAsync"/>.</exception>
    public async Task<SandboxPage> GotoAsync(PageReference page, PageOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        await _opener.GotoAsync(open, options, cancellationToken).ConfigureAwait(false);
        return await EndAsync(open, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads what is on a page.</summary>
    /// <param name="page">Which.</param>
    /// <param name="request">What.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException">As for <see cref="ActAsync"/>.</exception>
    public async Task<PageContent> ReadAsync(PageReference page, PageContentRequest request, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        return await new PageReader(open, cancellationToken).ReadAsync(request).ConfigureAwait(false);
    }

    /// <summary>What a page wrote to its console, which of its requests failed, and what was kept from it. Of other processes' time it is as much as the browser keeps: its latest 1,000 lines.</summary>
    /// <param name="page">Which.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>. A page that was closed for what it did is told of as long as this process lasts.</exception>
    public async Task<PageMessages> ReadMessagesAsync(PageReference page, OperationObserver observer, CancellationToken cancellationToken)
    {
        var open = _keeper.FindEnded(page) ?? await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);

        // What the browser kept comes at once, but as messages of their own.
        await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken).ConfigureAwait(false);
        return open.Journal.Read();
    }

    /// <summary>Runs a script in a page: statements, of which the last gives the answer, or a function, which is called. What it promises is waited for.</summary>
    /// <param name="page">Which.</param>
    /// <param name="script">JavaScript.</param>
    /// <param name="timeout">How long it may take, longer than nothing.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer as JSON: hostile.</returns>
    /// <exception cref="SandboxException">As for <see cref="ActAsync"/>; <see cref="SandboxError.PageFailed"/> also where it threw, or gave back more than 4,194,304 characters.</exception>
    public async Task<JsonElement> EvaluateAsync(PageReference page, string script, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(script);
        PageOptions.RequireTime(timeout);
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        var answer = await new PageScripts(open, cancellationToken).RunAsync(script, timeout).ConfigureAwait(false);
        await EndAsync(open, cancellationToken).ConfigureAwait(false);
        return answer;
    }

    /// <summary>Saves a picture of a page, or of one of its elements, or prints it.</summary>
    /// <param name="page">Which.</param>
    /// <param name="request">What picture, and where it goes.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException">As for <see cref="ActAsync"/>; <see cref="SandboxError.PathNotUsable"/>: the file is there already, or cannot be written.</exception>
    public async Task<PageScreenshot> SaveAsync(PageReference page, PagePictureRequest request, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var open = await TakeAsync(page, observer, cancellationToken).ConfigureAwait(false);
        return await new PagePictures(open, cancellationToken).SaveAsync(request).ConfigureAwait(false);
    }

    /// <summary>Opens a page, saves a picture of it, and closes it.</summary>
    /// <param name="options">Which page.</param>
    /// <param name="request">What picture, and where it goes.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException">As for <see cref="OpenAsync"/> and <see cref="SaveAsync(PageReference, PagePictureRequest, OperationObserver, CancellationToken)"/>.</exception>
    public async Task<PageScreenshot> SaveAsync(PageOptions options, PagePictureRequest request, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(request);
        request.Validate();
        var open = await _opener.OpenAsync(options, observer, cancellationToken).ConfigureAwait(false);
        try
        {
            return await new PagePictures(open, cancellationToken).SaveAsync(request).ConfigureAwait(false);
        }
        finally
        {
            await _keeper.CloseAsync(open).ConfigureAwait(false);
        }
    }

    /// <summary>Closes a page. One that hangs goes too.</summary>
    /// <param name="page">Which.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageNotFound"/>.</exception>
    public async Task CloseAsync(PageReference page, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(observer);
        if (_keeper.FindEnded(page) is { } ended)
        {
            await _keeper.CloseAsync(ended).ConfigureAwait(false);
            return;
        }

        if (_keeper.Held.FirstOrDefault(held => held.Id == page.Id) is { } open)
        {
            await _keeper.CloseAsync(open).ConfigureAwait(false);
            return;
        }

        await _keeper.CloseElsewhereAsync(page, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Removes the browser's sandbox with all its pages, and ends the browser on this machine, where there are any.</summary>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task CloseBrowserAsync(OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observer);
        await _keeper.LetGoAsync(BrowserKind.Host).ConfigureAwait(false);
        await _keeper.LetGoAsync(BrowserKind.Sandbox).ConfigureAwait(false);
        if (await new BrowserSandboxes(_manager).FindAsync(cancellationToken).ConfigureAwait(false) is not { } sandbox)
            return;

        observer.Verbose($"Removing the browser's sandbox '{sandbox}'.");
        await _manager.RemoveAsync(sandbox, observer, cancellationToken).ConfigureAwait(false);
        _keeper.Records.ForgetOthers(browser: null);
    }

    /// <summary>Starts the browser's sandbox and the browser in it, where that has not been done yet.</summary>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The browser's sandbox.</returns>
    public async Task<Sandbox> StartBrowserAsync(OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var (sandbox, _) = await new BrowserSandboxes(_manager).EnsureAsync(observer, cancellationToken).ConfigureAwait(false);
        _keeper.Records.ForgetOthers(sandbox.Id);
        return sandbox;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _keeper.DisposeAsync();

    private Task<OpenPage> TakeAsync(PageReference page, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(page);
        ArgumentNullException.ThrowIfNull(observer);
        return _keeper.GetAsync(page, observer, cancellationToken);
    }

    // What others are told of it, and then what it is like.
    private async Task<SandboxPage> EndAsync(OpenPage open, CancellationToken cancellationToken)
    {
        if (Settling > TimeSpan.Zero)
            await open.SettleAsync(Settling, cancellationToken).ConfigureAwait(false);

        open.Require();
        await _keeper.WriteAsync(open, cancellationToken).ConfigureAwait(false);
        return await open.DescribeAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
    }
}
