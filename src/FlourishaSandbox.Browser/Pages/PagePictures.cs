using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Suites.Pages;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Pages;

/// <summary>Saves pictures of an open page.</summary>
/// <param name="open">The page.</param>
/// <param name="cancellationToken">Ends whatever is waited for.</param>
internal sealed class PagePictures(OpenPage open, CancellationToken cancellationToken)
{
    // Of a page that goes on for ever the first fifty sheets say enough.
    private const string MostSheets = "1-50";

    /// <summary>Saves one.</summary>
    /// <exception cref="SandboxException">As for <see cref="PageActor.ActAsync(PageAction)"/>; <see cref="SandboxError.PathNotUsable"/>.</exception>
    public async Task<PageScreenshot> SaveAsync(PagePictureRequest request)
    {
        var actor = new PageActor(open, cancellationToken);
        var what = $"Taking a picture of page {open.Id}";
        byte[] picture = [];
        try
        {
            if (request.Element is { } element)
                await actor.WithAsync(what, element, request.Timeout, isOne: true, canBeMissing: false, async (found, limit) => picture = await PageCamera.TakeAsync(found, mask: [], limit).ConfigureAwait(false)).ConfigureAwait(false);
            else if (request.IsPdf)
                await actor.WithinAsync($"Printing page {open.Id}", request.Timeout, async _ => picture = await PrintAsync().ConfigureAwait(false)).ConfigureAwait(false);
            else
                await actor.WithinAsync(what, request.Timeout, async limit => picture = await PageCamera.TakeAsync(open.Page, request.FullPage, mask: [], limit, open.Record.Look.Width).ConfigureAwait(false)).ConfigureAwait(false);
        }
        catch (CheckFailedException e)
        {
            throw new SandboxException(SandboxError.PageFailed, e.Message, open.Id, "Take a smaller element, or the whole page with -FullPage.", e);
        }

        await PictureFile.WriteAsync(request.Path, picture, request.Overwrite, cancellationToken).ConfigureAwait(false);
        var page = await open.DescribeAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        return new PageScreenshot(request.Path, Uri.TryCreate(open.Page.Url, UriKind.Absolute, out var url) ? url : open.Record.Base, page.Status, page.Title, picture.Length);
    }

    // A page with fewer sheets refuses a range that goes beyond them.
    private async Task<byte[]> PrintAsync()
    {
        try
        {
            return await open.Page.PdfAsync(new() { PrintBackground = true, PageRanges = MostSheets }).ConfigureAwait(false);
        }
        catch (Microsoft.Playwright.PlaywrightException e) when (!CdpCalls.IsGone(e))
        {
            return await open.Page.PdfAsync(new() { PrintBackground = true }).ConfigureAwait(false);
        }
    }
}
