using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Tests.Driving;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>How an app looks, compared with pictures that are the user's.</summary>
[Collection(GuestBook.Collection)]
[Trait("Category", BrowserHouse.Category)]
public sealed class VisualTests(GuestBook book) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _runs;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Looks_are_recorded_compared_and_replaced_only_when_asked()
    {
        // There is nothing to compare with.
        var results = await RunAsync("#0a7");
        Assert.All(results, result => Assert.Equal(AppTestStatus.Passed, result.Status));
        Assert.Equal("There was nothing to compare with: recorded as baselines/the-box-desktop.png. Look at it, and keep it with the suite.", results[0].Message);
        Assert.All(results, result => Assert.Equal(("New baseline", false), (Assert.Single(result.Pictures).Name, result.Pictures[0].IsEvidence)));
        string[] names = ["all-of-the-page-desktop.png", "the-box-desktop.png", "the-box-tolerantly-desktop.png", "the-page-without-the-box-800x600.png", "the-page-without-the-box-phone.png"];
        Assert.Equal(names, Baselines().Keys.Order());
        Assert.Equal((800, 600), Png.SizeOf(_folder["baselines/the-page-without-the-box-800x600.png"]));
        var recorded = Baselines();

        // It looks the same, and then almost the same.
        results = await RunAsync("#0a7");
        Assert.All(results, result => Assert.Equal((AppTestStatus.Passed, null, 0), (result.Status, result.Message, result.Pictures.Count)));
        results = await RunAsync("#02a879");
        Assert.All(results.SkipLast(1), result => Assert.Equal(AppTestStatus.Passed, result.Status));

        // It looks different.
        results = await RunAsync("#c00");
        Assert.Equal(["The box", "All of the page"], results.Where(result => result.Status == AppTestStatus.Failed).Select(result => result.Name));
        Assert.Matches(@"^2\d,\d{3} pixels \((9\d\.\d+|100) %\) differ from baselines/the-box-desktop\.png, and 0\.1 % may\. If it is to look so now, run again with -UpdateBaseline or --update-baseline\.$", results[0].Message);
        Assert.Matches(@"^2\d,\d{3} pixels \((9\d\.\d+|100) %\) differ, and 100 % may\.$", results[1].Message);
        Assert.Equal(["Difference", "Expected", "Actual", "What was there"], results[0].Pictures.Select(picture => picture.Name));
        Assert.Equal(recorded["the-box-desktop.png"], await File.ReadAllBytesAsync(results[0].Pictures[1].Path, BrowserHouse.Cancellation));
        Assert.Equal(Png.SizeOf(results[0].Pictures[1].Path), Png.SizeOf(results[0].Pictures[0].Path));
        Assert.NotEqual(recorded["the-box-desktop.png"], await File.ReadAllBytesAsync(results[0].Pictures[2].Path, BrowserHouse.Cancellation));
        Assert.Equal(recorded, Baselines());

        // So it is to look.
        results = await RunAsync("#c00", update: true);
        Assert.All(results, result => Assert.Equal(AppTestStatus.Passed, result.Status));
        Assert.Equal(["baselines/the-box-desktop.png was replaced.", "baselines/the-box-tolerantly-desktop.png was replaced.", null, null, "baselines/all-of-the-page-desktop.png was replaced."], results.Select(result => result.Message));
        Assert.Equal(names, Baselines().Keys.Order());
        Assert.NotEqual(recorded["the-box-desktop.png"], Baselines()["the-box-desktop.png"]);
        Assert.Equal(recorded["the-page-without-the-box-phone.png"], Baselines()["the-page-without-the-box-phone.png"]);

        // What is there is something else altogether.
        File.Copy(_folder["baselines/the-page-without-the-box-phone.png"], _folder["baselines/the-box-desktop.png"], overwrite: true);
        await File.WriteAllTextAsync(_folder["baselines/all-of-the-page-desktop.png"], "no picture", BrowserHouse.Cancellation);
        results = await RunAsync("#c00");
        Assert.Matches(@"^The picture is 200x10\d, and baselines/the-box-desktop\.png is 390x844\. If it is to be so now, run again with", results[0].Message);
        Assert.StartsWith("The pictures cannot be compared: ", results[^1].Message, StringComparison.Ordinal);
        Assert.Equal("no picture", await File.ReadAllTextAsync(_folder["baselines/all-of-the-page-desktop.png"], BrowserHouse.Cancellation));
    }

    private async Task<IReadOnlyList<AppTestResult>> RunAsync(string colour, bool update = false)
    {
        var folder = _folder[$"evidence-{++_runs}"];
        var results = await book.RunAsync(_folder.Path, GuestBook.Suite("visual"), options => options with { EvidenceFolder = folder, UpdateBaseline = update }, new() { ["colour"] = colour });
        return [.. results.Where(result => result.Kind == AppTestKind.Visual)];
    }

    private Dictionary<string, byte[]> Baselines() => Directory.GetFiles(_folder["baselines"]).ToDictionary(path => Path.GetFileName(path), File.ReadAllBytes);
}
