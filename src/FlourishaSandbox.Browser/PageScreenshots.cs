using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Sandboxes;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser;

/// <summary>Takes pictures of apps in sandboxes, as their users see them.</summary>
/// <param name="manager">The sandboxes.</param>
public sealed class PageScreenshots(SandboxManager manager)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Opens an app's page in a profile of its own, takes a picture, and closes the page. Dialogs are dismissed, downloads refused.</summary>
    /// <param name="app">The app's sandbox, running.</param>
    /// <param name="request">What is wanted.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The picture.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>; <see cref="SandboxError.PathNotUsable"/>: the file is there already, or cannot be written;
    /// <see cref="SandboxError.PortNotReachable"/>; <see cref="SandboxError.PageFailed"/>: the page cannot be opened;
    /// <see cref="SandboxError.TimedOut"/>: it takes longer than 30 s; <see cref="SandboxError.HostRefused"/>: there is no browser.
    /// </exception>
    public async Task<PageScreenshot> TakeAsync(Sandbox app, PageScreenshotRequest request, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        ArgumentNullException.ThrowIfNull(request);
        var viewport = request.Validate();
        var lease = await BrowserLease.TakeAsync(manager, request.Browser, observer, cancellationToken).ConfigureAwait(false);
        await using (lease.ConfigureAwait(false))
        {
            var url = new Uri(await lease.ReachAsync(app, request.Port, cancellationToken).ConfigureAwait(false), request.Page);
            var options = new BrowserNewContextOptions { ViewportSize = new() { Width = viewport.Width, Height = viewport.Height }, HasTouch = viewport.IsTouch, IsMobile = viewport.IsTouch };
            return await CdpCalls.WithinAsync($"Taking a picture of {url}", app, s_limit, async limit =>
            {
                var context = await lease.NewContextAsync(options, cancellationToken).ConfigureAwait(false);
                await using (context.ConfigureAwait(false))
                {
                    var page = await context.NewPageAsync().ConfigureAwait(false);
                    var response = await OpenAsync(lease, page, url, limit).ConfigureAwait(false);
                    var picture = await PageCamera.TakeAsync(page, request.FullPage, mask: [], limit).ConfigureAwait(false);
                    var title = Excerpt.Of(await page.TitleAsync().ConfigureAwait(false));
                    await WriteAsync(request.Path, picture, request.Overwrite, cancellationToken).ConfigureAwait(false);
                    return new PageScreenshot(request.Path, url, response?.Status, title, picture.Length);
                }
            }, cancellationToken).ConfigureAwait(false);
        }
    }

    private static async Task<IResponse?> OpenAsync(BrowserLease lease, IPage page, Uri url, float limit)
    {
        try
        {
            return await page.GotoAsync(url.ToString(), new() { Timeout = limit }).ConfigureAwait(false);
        }
        catch (PlaywrightException e)
        {
            var reason = lease.RefusalOf(url.Host, url.Port) ?? PlaywrightWords.Of(e).TrimEnd('.');
            throw new SandboxException(SandboxError.PageFailed, $"{url} cannot be opened: {reason}.", url, "See with Get-SandboxHost -Wait whether the app answers.", e);
        }
    }

    private static async Task WriteAsync(string path, byte[] picture, bool overwrite, CancellationToken cancellationToken)
    {
        try
        {
            // It may have come there meanwhile.
            if (!overwrite && File.Exists(path))
                throw PageScreenshotRequest.InTheWay(path);

            await AtomicFile.WriteAsync(path, picture, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SandboxException(SandboxError.PathNotUsable, $"The picture cannot be written to '{path}': {e.Message}", path, "Choose a file in a folder that is there and that you may write to.", e);
        }
    }
}
