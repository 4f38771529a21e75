using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>A page that this process drives. Disposing of it lets go of it; the page stays.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly Func<OpenPage, Task> _end;
    private readonly object _lock = new();
    private int _pending;
    private int _isTunnelClosed;
    private int? _status;
    private Task? _ending;

    /// <summary>Takes hold of a page.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="browser">Its browser.</param>
    /// <param name="page">The page.</param>
    /// <param name="session">Speaks to it.</param>
    /// <param name="tunnel">Its way out; null where it has this machine's.</param>
    /// <param name="record">What others are told of it.</param>
    /// <param name="end">Closes it for good, where it goes too far.</param>
    public OpenPage(string id, ConnectedBrowser browser, IPage page, ICDPSession session, PageTunnel? tunnel, PageRecord record, Func<OpenPage, Task> end)
    {
        (Id, Browser, Page, Session, Tunnel, Record, _end) = (id, browser, page, session, tunnel, record, end);
        _status = record.Status;
        Journal = new PageJournal(record.Notes);
        Journal.Exceeded += reason => _ = EndAsync(reason);
        page.Dialog += (_, dialog) => OnDialog(dialog);
        page.Popup += (_, popup) => OnPopup(popup);
        page.Crash += (_, _) => EndReason ??= "crashed: it, or its browser, may have had no memory left";
        page.Response += (_, response) => OnResponse(response);
        page.Request += (_, request) => Count(request, 1);
        page.RequestFinished += (_, request) => Count(request, -1);
        page.RequestFailed += (_, request) => Count(request, -1);
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Its browser.</summary>
    public ConnectedBrowser Browser { get; }

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Speaks to it.</summary>
    public ICDPSession Session { get; }

    /// <summary>Its way out; null where it has this machine's.</summary>
    public PageTunnel? Tunnel { get; }

    /// <summary>What others are told of it.</summary>
    public PageRecord Record { get; set; }

    /// <summary>What it wrote to its console, and what was kept from it.</summary>
    public PageJournal Journal { get; }

    /// <summary>Why it was closed, as the end of a sentence; null as long as nobody did but its user.</summary>
    public string? EndReason { get; private set; }

    /// <summary>Whether it can be driven no more.</summary>
    public bool IsGone => EndReason is not null || Page.IsClosed || !Browser.IsConnected;

    /// <summary>The record as it is by now.</summary>
    public PageRecord RecordNow() => Record with { Status = _status, Notes = Journal.Notes, Destinations = Tunnel?.Destinations.Allowed ?? Record.Destinations };

    /// <summary>Gives it its look.</summary>
    public Task ApplyLookAsync() => Record.Look.ApplyAsync(Page, Session, Browser.UserAgent);

    /// <summary>Begins to listen to it, and gives it its look.</summary>
    public async Task PrepareAsync()
    {
        await ApplyLookAsync().ConfigureAwait(false);
        await Journal.ListenAsync(Session).ConfigureAwait(false);
    }

    /// <summary>Says what it is like now. The page itself is not asked: it may be looping.</summary>
    public async Task<SandboxPage> DescribeAsync()
    {
        var info = await Browser.Root.CallAsync("Target.getTargetInfo", ("targetId", Record.Target)).ConfigureAwait(false);
        return Describe(RecordNow(), Browser.Kind, info.Text("targetInfo", "title"), info.Text("targetInfo", "url"));
    }

    /// <summary>Says what a page is like.</summary>
    public static SandboxPage Describe(PageRecord record, BrowserKind kind, string title, string url) => new()
    {
        Id = record.Id,
        Url = Excerpt.Of(url),
        Title = Excerpt.Of(title),
        Status = record.Status,
        Viewport = record.Look.Viewport,
        Device = record.Look.Device,
        ColorScheme = record.Look.ColorScheme,
        Locale = record.Look.Locale,
        Browser = kind,
        App = record.App,
        Opened = record.Opened,
    };

    /// <summary>Waits until none of its requests are under way, or a while has passed: it gets out through this process only.</summary>
    /// <param name="limit">How long to wait.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task SettleAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var interval = TimeSpan.FromMilliseconds(25);
        var quiet = 0;
        for (var waited = TimeSpan.Zero; waited < limit && quiet < 4 && !IsGone; waited += interval)
        {
            await Task.Delay(interval, cancellationToken).ConfigureAwait(false);
            quiet = Volatile.Read(ref _pending) <= 0 ? quiet + 1 : 0;
        }
    }

    /// <summary>Says that it is gone, where it is.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageFailed"/>: it was closed for what it did, or it crashed.</exception>
    public void Require()
    {
        if (EndReason is { } reason)
            throw new SandboxException(SandboxError.PageFailed, $"Page {Id} is closed: it {reason}.", Id, "Open it again, where it can be mended.");
    }

    /// <summary>Writes down what was downloaded, which was refused.</summary>
    public void OnDownload(string url) => Journal.Note("download", $"refused: {url}", NuisanceGauge.Download);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_ending is { } ending)
            await ending.ConfigureAwait(false);

        await CloseTunnelAsync().ConfigureAwait(false);
    }

    /// <summary>Closes its way out.</summary>
    public async Task CloseTunnelAsync()
    {
        if (Tunnel is not null && Interlocked.Exchange(ref _isTunnelClosed, 1) == 0)
            await Tunnel.DisposeAsync().ConfigureAwait(false);
    }

    private void OnDialog(IDialog dialog)
    {
        // Who leaves a page is not asked; nobody else is there to answer.
        var isLeaving = dialog.Type == "beforeunload";
        (isLeaving ? dialog.AcceptAsync() : dialog.DismissAsync()).Forget();
        if (!isLeaving)
            Journal.Note("dialog", $"{dialog.Type}, dismissed: {dialog.Message}", NuisanceGauge.Dialog);
    }

    private void OnPopup(IPage popup)
    {
        popup.CloseAsync().Forget();
        Journal.Note("popup", $"closed: {popup.Url}", NuisanceGauge.Popup);
    }

    private void OnResponse(IResponse response)
    {
        try
        {
            if (response.Request.IsNavigationRequest && response.Frame == Page.MainFrame)
                _status = response.Status;
        }
        catch (PlaywrightException)
        {
            // Its frame is not there any more, and so it is not the page's.
        }
    }

    private void Count(IRequest request, int change)
    {
        // A stream of events never ends.
        if (request.ResourceType is not ("eventsource" or "websocket"))
            Interlocked.Add(ref _pending, change);
    }

    private Task EndAsync(string reason)
    {
        lock (_lock)
        {
            if (EndReason is not null)
                return Task.CompletedTask;

            EndReason = reason;
            return _ending = Task.Run(() => _end(this));
        }
    }
}
