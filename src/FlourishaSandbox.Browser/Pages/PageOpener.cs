using System.Text.Json;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Opens pages, each in a profile of its own.</summary>
/// <param name="manager">The sandboxes.</param>
/// <param name="keeper">Keeps them.</param>
internal sealed class PageOpener(SandboxManager manager, PageKeeper keeper)
{
    private const int IdLength = 8;

    /// <summary>Opens one. Where that fails, nothing of it is left.</summary>
    public async Task<OpenPage> OpenAsync(PageOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        options.Validate();
        var browser = await keeper.ConnectAsync(options.Browser, observer, cancellationToken).ConfigureAwait(false);
        var look = PageLook.For(options, browser.Devices);
        var (url, destinations, cookies) = await FindAsync(options, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Opening {url} at {look.Viewport}.");
        var (what, about) = ($"Opening {url}", options.Sandbox ?? (object)url);

        // Not given up before it is there: what is half made would be nobody's.
        var open = await CdpCalls.NameAsync(what, about, options.Timeout, browser.Sandbox is { } sandbox
            ? MakeAsync(browser, sandbox, look, url, destinations, options.Sandbox?.Name, cancellationToken)
            : MakeOnHostAsync(browser, look, url, options.Sandbox?.Name)).ConfigureAwait(false);
        try
        {
            await CdpCalls.WithinAsync(what, about, options.Timeout, async limit =>
            {
                await browser.Root.CallAsync("Storage.setCookies", ("cookies", cookies), ("browserContextId", open.Record.Context)).ConfigureAwait(false);
                await open.PrepareAsync().ConfigureAwait(false);
                await GotoAsync(open, url, limit).ConfigureAwait(false);
                return true;
            }, cancellationToken).ConfigureAwait(false);
            await keeper.WriteAsync(open, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await keeper.CloseAsync(open).ConfigureAwait(false);
            open.Require(); // it was closed for what it did: that is the better reason
            throw;
        }

        keeper.Add(open);
        return open;
    }

    /// <summary>Opens what is asked for in a page's place, which may reach that from then on too.</summary>
    public async Task GotoAsync(OpenPage open, PageOptions options, CancellationToken cancellationToken)
    {
        var (url, destinations, cookies) = await FindAsync(options, cancellationToken).ConfigureAwait(false);
        open.Tunnel?.Destinations.Allow(destinations);
        open.Record = open.Record with { Base = url, App = options.Sandbox?.Name };
        await new PageActor(open, cancellationToken).WithinAsync($"Opening {url} in page {open.Id}", options.Timeout, async limit =>
        {
            await open.Browser.Root.CallAsync("Storage.setCookies", ("cookies", cookies), ("browserContextId", open.Record.Context)).ConfigureAwait(false);
            await GotoAsync(open, url, limit).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>Opens a path or URL in a page's place.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PageFailed"/>: it cannot be opened; <see cref="SandboxError.TimedOut"/>.</exception>
    public static async Task GotoAsync(OpenPage open, Uri url, float limit)
    {
        try
        {
            await open.Page.GotoAsync(url.ToString(), new() { Timeout = limit }).ConfigureAwait(false);
        }
        catch (System.TimeoutException e)
        {
            throw new SandboxException(SandboxError.TimedOut, $"{url} was not loaded within {StoryPage.Seconds(TimeSpan.FromMilliseconds(limit))}.", url, "See with Get-SandboxHost -Wait whether the app answers; give more time with -Timeout or --timeout.", e);
        }
        catch (PlaywrightException e) when (!CdpCalls.IsGone(e))
        {
            var reason = open.Tunnel?.Failure?.Message.TrimEnd('.') ?? open.Tunnel?.Destinations.RefusalOf(url.Host, url.Port) ?? PlaywrightWords.Of(e).TrimEnd('.');
            throw new SandboxException(SandboxError.PageFailed, $"{url} cannot be opened: {reason}.", url, "See with Get-SandboxHost -Wait whether the app answers.", e);
        }
    }

    /// <summary>Where a page is found, where it may go then, and what it has to show.</summary>
    public async Task<(Uri Url, IReadOnlyList<PageDestination> Destinations, IReadOnlyList<JsonElement> Cookies)> FindAsync(PageOptions options, CancellationToken cancellationToken)
    {
        var allowed = options.AllowHosts.Select(text => HostPattern.Parse("AllowHost", text)).Select(host => new PageDestination { Host = host.Name, IsBelow = host.IsBelow, IsOpenOnly = true });
        if (options.Url is { } named)
            return (named, [AppAddresses.Of(named), .. named.IsDefaultPort ? [AppAddresses.Of(named) with { Port = 0 }] : Array.Empty<PageDestination>(), .. allowed], []);

        var app = options.Sandbox!;
        var (address, destinations, token) = await AppAddresses.FindAsync(manager, app, options.Port, viaAgent: options.Browser == BrowserKind.Sandbox, cancellationToken).ConfigureAwait(false);
        return (new Uri(address, options.Path), [.. destinations, .. allowed], token is null ? [] : [.. AccessCookies.For(app, address).Select(AccessCookies.ToProtocol)]);
    }

    private async Task<OpenPage> MakeAsync(ConnectedBrowser browser, Sandbox sandbox, PageLook look, Uri url, IReadOnlyList<PageDestination> destinations, string? app, CancellationToken cancellationToken)
    {
        var allowed = new PageDestinations(manager);
        allowed.Allow(destinations);
        var tunnel = new PageTunnel(manager.Ports, sandbox, BrowserLease.NewPort(), allowed);
        var context = "";
        try
        {
            context = (await browser.Root.CallAsync("Target.createBrowserContext", ("disposeOnDetach", false), ("proxyServer", tunnel.Proxy), ("proxyBypassList", "<-loopback>")).ConfigureAwait(false)).Text("browserContextId");
            await browser.RefuseDownloadsAsync(context).ConfigureAwait(false);
            var target = (await browser.Root.CallAsync("Target.createTarget", ("url", "about:blank"), ("browserContextId", context), ("width", look.Width), ("height", look.Height)).ConfigureAwait(false)).Text("targetId");
            var page = await browser.GetPageAsync(target, cancellationToken).ConfigureAwait(false);
            var record = new PageRecord { Id = IdOf(target), Target = target, Context = context, Browser = sandbox.Id, Port = tunnel.Port, Destinations = destinations, Look = look, Base = url, App = app, Opened = DateTimeOffset.UtcNow };
            return new OpenPage(record.Id, browser, page, await page.Context.NewCDPSessionAsync(page).ConfigureAwait(false), tunnel, record, keeper.EndAsync);
        }
        catch
        {
            await tunnel.DisposeAsync().ConfigureAwait(false);
            if (context.Length > 0)
                await browser.Root.CallAsync("Target.disposeBrowserContext", ("browserContextId", context)).ConfigureAwait(false);

            throw;
        }
    }

    private async Task<OpenPage> MakeOnHostAsync(ConnectedBrowser browser, PageLook look, Uri url, string? app)
    {
        var context = await browser.Browser.NewContextAsync(new() { AcceptDownloads = false, ViewportSize = ViewportSize.NoViewport }).ConfigureAwait(false);
        try
        {
            var page = await context.NewPageAsync().ConfigureAwait(false);
            var session = await context.NewCDPSessionAsync(page).ConfigureAwait(false);
            var info = await session.CallAsync("Target.getTargetInfo").ConfigureAwait(false);
            var target = info.Text("targetInfo", "targetId");
            var record = new PageRecord { Id = IdOf(target), Target = target, Context = info.Text("targetInfo", "browserContextId"), Browser = "", Port = 0, Destinations = [], Look = look, Base = url, App = app, Opened = DateTimeOffset.UtcNow };
            var open = new OpenPage(record.Id, browser, page, session, tunnel: null, record, keeper.EndAsync);
            page.Download += (_, download) => open.OnDownload(download.Url);
            return open;
        }
        catch
        {
            await context.CloseAsync().ConfigureAwait(false);
            throw;
        }
    }

    private static string IdOf(string target) => target.Length >= IdLength ? target[..IdLength].ToLowerInvariant() : target.ToLowerInvariant();
}
