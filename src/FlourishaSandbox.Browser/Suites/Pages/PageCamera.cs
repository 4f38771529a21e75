using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Pages;

/// <summary>Takes pictures of pages: without movement, without a blinking caret, and of bounded size.</summary>
internal static class PageCamera
{
    /// <summary>The most pixels of a picture's side. What is beyond is not on it: a page can be as high as it likes.</summary>
    public const int MaximumSide = 8000;

    /// <summary>Takes a picture of a page.</summary>
    /// <param name="page">The page.</param>
    /// <param name="fullPage">Whether the whole page is wanted, up to <see cref="MaximumSide"/>.</param>
    /// <param name="mask">Elements that are covered.</param>
    /// <param name="timeout">How long it may take, in milliseconds.</param>
    /// <param name="width">The page's width where Playwright does not know it, in CSS pixels; null for the usual one.</param>
    /// <returns>A PNG.</returns>
    public static async Task<byte[]> TakeAsync(IPage page, bool fullPage, IEnumerable<ILocator> mask, float timeout, int? width = null)
    {
        var options = new PageScreenshotOptions { Timeout = timeout, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide, Scale = ScreenshotScale.Css, FullPage = fullPage, Mask = mask };
        if (fullPage)
        {
            var height = await page.EvaluateAsync<double>("() => Math.max(document.documentElement.scrollHeight, window.innerHeight)").ConfigureAwait(false);
            options.Clip = new Clip { X = 0, Y = 0, Width = page.ViewportSize?.Width ?? width ?? SuiteViewport.Default.Width, Height = (float)Math.Clamp(double.IsFinite(height) ? height : 1, 1, MaximumSide) };
        }

        return await page.ScreenshotAsync(options).ConfigureAwait(false);
    }

    /// <summary>Takes a picture of an element.</summary>
    /// <param name="element">The element.</param>
    /// <param name="mask">Elements that are covered.</param>
    /// <param name="timeout">How long it may take, in milliseconds.</param>
    /// <returns>A PNG.</returns>
    /// <exception cref="CheckFailedException">It is too large.</exception>
    public static async Task<byte[]> TakeAsync(ILocator element, IEnumerable<ILocator> mask, float timeout)
    {
        await element.ScrollIntoViewIfNeededAsync(new() { Timeout = timeout }).ConfigureAwait(false);
        if (await element.BoundingBoxAsync(new() { Timeout = timeout }).ConfigureAwait(false) is { } box && Math.Max(box.Width, box.Height) > MaximumSide)
            throw new CheckFailedException($"The element is {box.Width:0} x {box.Height:0} pixels, and pictures have at most {MaximumSide} each way.");

        return await element.ScreenshotAsync(new() { Timeout = timeout, Animations = ScreenshotAnimations.Disabled, Caret = ScreenshotCaret.Hide, Scale = ScreenshotScale.Css, Mask = mask }).ConfigureAwait(false);
    }
}
