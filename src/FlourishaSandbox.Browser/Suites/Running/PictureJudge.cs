using System.Globalization;
using FlourishaSandbox.Browser.Driving;
using FlourishaSandbox.Browser.Suites.Checks;
using FlourishaSandbox.Browser.Suites.Pages;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Compares how a page looks with a picture that was found good. Such a picture is the user's: it is written where there is none, and else only when that is asked for.</summary>
/// <param name="browser">Compares.</param>
/// <param name="suite">The suite.</param>
/// <param name="options">How the suite is run.</param>
internal sealed class PictureJudge(BrowserLease browser, AppTestSuite suite, AppTestOptions options)
{
    /// <summary>Compares.</summary>
    /// <param name="check">The check.</param>
    /// <param name="viewport">The page's size.</param>
    /// <param name="story">The page.</param>
    /// <param name="scope">Takes what is found.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends when the page looks as expected.</returns>
    /// <exception cref="CheckFailedException">It looks different.</exception>
    public async Task JudgeAsync(PictureCheck check, SuiteViewport viewport, StoryPage story, CheckScope scope, CancellationToken cancellationToken)
    {
        var timeout = Steps.StoryStep.DefaultTimeout;
        var mask = check.Mask.Select(story.Locate).ToList();
        byte[] actual = [];
        if (check.Of is null)
            await story.ActAsync(timeout, async limit => actual = await PageCamera.TakeAsync(story.Page, check.FullPage, mask, limit).ConfigureAwait(false)).ConfigureAwait(false);
        else
            await story.ActAsync(check.Of, timeout, async (element, limit) => actual = await PageCamera.TakeAsync(element, mask, limit).ConfigureAwait(false)).ConfigureAwait(false);

        var baseline = Path.Combine(suite.BaselineFolder, $"{Slug.Of(check.Name)}-{Slug.Of(viewport.Name)}.png");
        if (!File.Exists(baseline) || options.UpdateBaseline)
        {
            await RecordAsync(baseline, actual, scope, cancellationToken).ConfigureAwait(false);
            return;
        }

        var expected = await ReadAsync(baseline, cancellationToken).ConfigureAwait(false);
        if (expected.AsSpan().SequenceEqual(actual))
            return;

        var difference = await PictureComparer.CompareAsync(browser, expected, actual, check.Threshold, cancellationToken).ConfigureAwait(false);
        if (difference.HasSameSize && difference.Percent <= check.Tolerance)
        {
            if (difference.Pixels > 0)
                scope.Note = $"{difference.Describe()} differ, and {check.Tolerance.ToString("0.###", CultureInfo.InvariantCulture)} % may.";

            return;
        }

        await scope.Files.SaveAsync("Difference", difference.Picture, isEvidence: true, cancellationToken).ConfigureAwait(false);
        await scope.Files.SaveAsync("Expected", expected, isEvidence: true, cancellationToken).ConfigureAwait(false);
        await scope.Files.SaveAsync("Actual", actual, isEvidence: true, cancellationToken).ConfigureAwait(false);
        throw new CheckFailedException(difference.HasSameSize
            ? $"{difference.Describe()} differ from {NameOf(baseline)}, and {check.Tolerance.ToString("0.###", CultureInfo.InvariantCulture)} % may. If it is to look so now, run again with -UpdateBaseline or --update-baseline."
            : $"The picture is {difference.ActualWidth}x{difference.ActualHeight}, and {NameOf(baseline)} is {difference.ExpectedWidth}x{difference.ExpectedHeight}. If it is to be so now, run again with -UpdateBaseline or --update-baseline.");
    }

    private static string NameOf(string baseline) => $"baselines/{Path.GetFileName(baseline)}";

    private static async Task RecordAsync(string baseline, byte[] actual, CheckScope scope, CancellationToken cancellationToken)
    {
        var isNew = !File.Exists(baseline);
        try
        {
            if (!isNew && (await File.ReadAllBytesAsync(baseline, cancellationToken).ConfigureAwait(false)).AsSpan().SequenceEqual(actual))
                return;

            Directory.CreateDirectory(Path.GetDirectoryName(baseline)!);
            await AtomicFile.WriteAsync(baseline, actual, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckFailedException($"{NameOf(baseline)} cannot be written: {e.Message}", e);
        }

        scope.Note = isNew ? $"There was nothing to compare with: recorded as {NameOf(baseline)}. Look at it, and keep it with the suite." : $"{NameOf(baseline)} was replaced.";
        await scope.Files.SaveAsync(isNew ? "New baseline" : "Replaced baseline", actual, isEvidence: false, cancellationToken).ConfigureAwait(false);
    }

    private static async Task<byte[]> ReadAsync(string baseline, CancellationToken cancellationToken)
    {
        try
        {
            return new FileInfo(baseline).Length <= PictureFolder.MaximumSize
                ? await File.ReadAllBytesAsync(baseline, cancellationToken).ConfigureAwait(false)
                : throw new CheckFailedException($"{NameOf(baseline)} is larger than 32 MiB.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CheckFailedException($"{NameOf(baseline)} cannot be read: {e.Message}", e);
        }
    }
}
