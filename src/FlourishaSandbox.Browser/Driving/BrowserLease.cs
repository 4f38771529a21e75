using System.Collections.Concurrent;
using System.Security.Cryptography;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>A browser for as long as somebody needs it, whose pages go with their contexts: what tests of apps run in.</summary>
internal sealed class BrowserLease : IAsyncDisposable
{
    private const int FirstPort = 20_000;
    private const int LastPort = 60_000;

    private readonly SandboxManager _manager;
    private readonly ConnectedBrowser _browser;
    private readonly PageDestinations _destinations;
    private readonly PageTunnel? _tunnel;
    private readonly ConcurrentDictionary<string, IReadOnlyList<Cookie>> _cookies = new(StringComparer.Ordinal);

    private BrowserLease(SandboxManager manager, ConnectedBrowser browser)
    {
        (_manager, _browser) = (manager, browser);
        _destinations = new PageDestinations(manager);
        _tunnel = browser.Sandbox is { } sandbox ? new PageTunnel(manager.Ports, sandbox, NewPort(), _destinations) : null;
    }

    /// <summary>What devices look like, as Playwright knows them.</summary>
    public IReadOnlyDictionary<string, BrowserNewContextOptions> Devices => _browser.Devices;

    /// <summary>Takes a browser, which is started where it has to be.</summary>
    /// <param name="manager">The sandboxes.</param>
    /// <param name="kind">Where it runs.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<BrowserLease> TakeAsync(SandboxManager manager, BrowserKind kind, OperationObserver observer, CancellationToken cancellationToken) =>
        new(manager, await ConnectedBrowser.ConnectAsync(manager, kind, observer, cancellationToken).ConfigureAwait(false));

    /// <summary>A port for a way out of the browser's sandbox.</summary>
    public static int NewPort() => RandomNumberGenerator.GetInt32(FirstPort, LastPort);

    /// <summary>Makes a context: cookies, storage and pages of its own, which reach what was allowed and nothing else, and download nothing. Dispose of it when it is no longer needed.</summary>
    /// <param name="options">What it looks like; its proxy is set here.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options, CancellationToken cancellationToken)
    {
        options.AcceptDownloads = false;
        options.ServiceWorkers ??= ServiceWorkerPolicy.Block;
        if (_tunnel is not null)
            options.Proxy = new Proxy { Server = _tunnel.Proxy };

        var context = await _browser.Browser.NewContextAsync(options).WaitAsync(cancellationToken).ConfigureAwait(false);
        if (!_cookies.IsEmpty)
            await context.AddCookiesAsync(_cookies.Values.SelectMany(cookies => cookies)).WaitAsync(cancellationToken).ConfigureAwait(false);

        return context;
    }

    /// <summary>Lets pages reach a port of a sandbox.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port inside it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The URL by which they do: the one that its users see, where there is one.</returns>
    public async Task<Uri> ReachAsync(Sandbox sandbox, int port, CancellationToken cancellationToken)
    {
        var (url, destinations, token) = await AppAddresses.FindAsync(_manager, sandbox, port, viaAgent: _tunnel is not null, cancellationToken).ConfigureAwait(false);
        _destinations.Allow(destinations);
        if (token is not null)
            _cookies[sandbox.Id] = AccessCookies.For(sandbox, url);

        return url;
    }

    /// <summary>Why pages were not connected to a host, where they tried; null where they did not.</summary>
    public string? RefusalOf(string host, int port) => _tunnel?.Failure?.Message ?? _destinations.RefusalOf(host, port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync().ConfigureAwait(false);
        if (_tunnel is not null)
            await _tunnel.DisposeAsync().ConfigureAwait(false);
    }
}
