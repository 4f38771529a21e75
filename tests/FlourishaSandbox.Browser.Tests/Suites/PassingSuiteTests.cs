using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Tests.Driving;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>An app that is as its suite expects, by every kind of check and every kind of step.</summary>
[Collection(GuestBook.Collection)]
[Trait("Category", BrowserHouse.Category)]
public sealed class PassingSuiteTests(GuestBook book) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_kinds_pass_and_only_what_was_asked_for_is_kept()
    {
        var results = await book.RunAsync(_folder.Path, GuestBook.Suite("passing"));
        Assert.All(results, result => Assert.True(result.Status == AppTestStatus.Passed, $"{result}: {result.Message}"));
        Assert.Equal("Started by 'python3 app.py 8000'.", results[0].Message);
        Assert.Equal(Enum.GetValues<AppTestKind>().Except([AppTestKind.Visual]), results.Select(result => result.Kind).Distinct().Order());

        var pictures = results.SelectMany(result => result.Pictures).ToList();
        Assert.Equal(["Signed", "The colour", "All of it", "Signed", "The colour", "All of it"], pictures.Select(picture => picture.Name));
        Assert.Equal((390, 844), Png.SizeOf(pictures[0].Path));
        Assert.Equal(200, Png.SizeOf(pictures[1].Path).Width);
        Assert.InRange(Png.SizeOf(pictures[1].Path).Height, 100, 101); // where it stands between two pixels
        Assert.InRange(Png.SizeOf(pictures[2].Path).Height, 1500, 4000);
        Assert.All(pictures, picture => Assert.False(picture.IsEvidence));
        Assert.Equal(pictures.Select(picture => picture.Path).Order(), Directory.GetFiles(_folder["evidence"], "*", SearchOption.AllDirectories).Order());
        Assert.False(Directory.Exists(_folder["baselines"]));
    }

    [Fact]
    public async Task Checks_are_chosen_by_name_and_by_tag()
    {
        var results = await book.RunAsync(_folder.Path, GuestBook.Suite("passing"), options => options with { Check = name => name.StartsWith("It", StringComparison.Ordinal) });
        Assert.Equal(["The app answers", "It is healthy (outside)", "It is healthy (inside)"], results.Select(result => $"{result.Name}{(result.Where is null ? "" : $" ({result.Where})")}"));
        results = await book.RunAsync(_folder.Path, GuestBook.Suite("passing"), options => options with { Tags = ["slow", "SMOKE"], Check = name => !name.Contains("guest", StringComparison.Ordinal) });
        Assert.Equal(["The app answers", "It is healthy", "It is healthy"], results.Select(result => result.Name));

        var failure = await Assert.ThrowsAsync<SandboxException>(() => book.RunAsync(_folder.Path, GuestBook.Suite("passing"), options => options with { Tags = ["none"] }));
        Assert.Equal(SandboxError.InvalidOption, failure.Error);
        Assert.Contains("It has Python is there, A failure that is expected,", failure.Remedy, StringComparison.Ordinal);
    }
}
