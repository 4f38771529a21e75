using System.Globalization;
using FlourishaSandbox.Browser.Driving;
using Microsoft.Playwright;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>
/// Compares pictures in the browser, on a blank page of its own: a PNG comes from a browser that a hostile page may own, and so is decoded where that
/// page was, and not here; and no native library has to be brought along for it.
/// </summary>
internal static class PictureComparer
{
    private const int MaximumArea = 64 * 1024 * 1024;

    // A pixel differs when the distance of its colours in YIQ, which weighs them as the eye does, is above threshold squared times the greatest there is.
    private const string Script = """
        async ([expected, actual, threshold, maximumArea]) => {
            const decode = async text => {
                const bytes = Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
                return await createImageBitmap(new Blob([bytes], { type: 'image/png' }), { colorSpaceConversion: 'none', premultiplyAlpha: 'none' });
            };
            const [before, after] = [await decode(expected), await decode(actual)];
            const width = Math.max(before.width, after.width), height = Math.max(before.height, after.height);
            if (width * height > maximumArea)
                return [before.width, before.height, after.width, after.height, '-1', ''].map(String);

            const pixels = picture => {
                const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
                context.drawImage(picture, 0, 0);
                return context.getImageData(0, 0, width, height).data;
            };
            const [left, right] = [pixels(before), pixels(after)];
            const shown = new ImageData(width, height);
            const limit = 35215 * threshold * threshold;
            let count = 0;
            for (let at = 0; at < left.length; at += 4) {
                const red = left[at] - right[at], green = left[at + 1] - right[at + 1], blue = left[at + 2] - right[at + 2], alpha = left[at + 3] - right[at + 3];
                const y = red * 0.29889531 + green * 0.58662247 + blue * 0.11448223;
                const i = red * 0.59597799 - green * 0.27417610 - blue * 0.32180189;
                const q = red * 0.21147017 - green * 0.52261711 + blue * 0.31114694;
                const differs = 0.5053 * y * y + 0.299 * i * i + 0.1957 * q * q > limit || Math.abs(alpha) > 255 * threshold;
                const grey = 255 - (255 - (right[at] * 0.3 + right[at + 1] * 0.59 + right[at + 2] * 0.11)) * 0.25;
                shown.data.set(differs ? [220, 20, 60, 255] : [grey, grey, grey, 255], at);
                count += differs ? 1 : 0;
            }

            const canvas = new OffscreenCanvas(width, height);
            canvas.getContext('2d').putImageData(shown, 0, 0);
            const png = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
            let text = '';
            for (let at = 0; at < png.length; at += 0x8000)
                text += String.fromCharCode(...png.subarray(at, at + 0x8000));
            return [before.width, before.height, after.width, after.height, count, btoa(text)].map(String);
        }
        """;

    /// <summary>Compares two pictures.</summary>
    /// <param name="browser">The browser.</param>
    /// <param name="expected">The PNG that was found good.</param>
    /// <param name="actual">The PNG that there is.</param>
    /// <param name="threshold">How far a pixel's colour may be off, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How they differ.</returns>
    /// <exception cref="CheckFailedException">One of them is no picture, or they are too large.</exception>
    public static async Task<PictureDifference> CompareAsync(BrowserLease browser, byte[] expected, byte[] actual, double threshold, CancellationToken cancellationToken)
    {
        var context = await browser.NewContextAsync(new() { Offline = true, AcceptDownloads = false }, cancellationToken).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            var page = await context.NewPageAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            string[] answer;
            try
            {
                answer = await page.EvaluateAsync<string[]>(Script, new object[] { Convert.ToBase64String(expected), Convert.ToBase64String(actual), threshold, MaximumArea }).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (PlaywrightException e)
            {
                throw new CheckFailedException($"The pictures cannot be compared: {Pages.PlaywrightWords.Of(e)}", e);
            }

            var numbers = answer.Take(5).Select(text => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture)).ToList();
            if (numbers[4] < 0)
                throw new CheckFailedException($"The pictures cannot be compared: they are {numbers[0]}x{numbers[1]} and {numbers[2]}x{numbers[3]}, and have 64 million pixels at most.");

            return new PictureDifference
            {
                ExpectedWidth = numbers[0],
                ExpectedHeight = numbers[1],
                ActualWidth = numbers[2],
                ActualHeight = numbers[3],
                Pixels = numbers[4],
                Picture = Convert.FromBase64String(answer[5]),
            };
        }
    }
}
