using FlourishaSandbox.Browser.Pages;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>What is written down of pages.</summary>
public sealed class PageRecordsTests(BrowserHouse house) : IClassFixture<BrowserHouse>, IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("flourisha-records-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task A_page_is_written_down_for_its_user_alone_and_forgotten_with_its_browser()
    {
        var records = new PageRecords(house.Manager, _folder.FullName);
        await records.WriteAsync(Record("0a0b0c0d", "one"), BrowserHouse.Cancellation);
        await records.WriteAsync(Record("1a1b1c1d", "two"), BrowserHouse.Cancellation);
        Assert.Equal("0a0b0c0d", Assert.Single(records.List("one")).Id);
        Assert.Equal(Record("0a0b0c0d", "one").Look, records.Find("0a0b0c0d")!.Look);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Assert.Single(_folder.GetDirectories()).UnixFileMode);

        records.ForgetOthers("two");
        Assert.Null(records.Find("0a0b0c0d"));
        Assert.NotNull(records.Find("1a1b1c1d"));
        records.ForgetOthers(null);
        Assert.Empty(_folder.GetFileSystemInfos());
    }

    [Theory]
    [InlineData("../1a1b1c1d")]
    [InlineData("")]
    [InlineData("1A1B1C1D")]
    public async Task What_is_no_id_is_no_path(string id)
    {
        var records = new PageRecords(house.Manager, _folder.FullName);
        await records.WriteAsync(Record("1a1b1c1d", "two"), BrowserHouse.Cancellation);
        Assert.Null(records.Find(id));
        records.Forget(id);
        Assert.NotNull(records.Find("1a1b1c1d"));
    }

    [Fact]
    public async Task What_cannot_be_read_is_no_page_and_what_is_old_goes()
    {
        var old = _folder.CreateSubdirectory("0123456789ab");
        Directory.SetLastWriteTimeUtc(old.FullName, DateTime.UtcNow.AddDays(-8));
        var records = new PageRecords(house.Manager, _folder.FullName);
        await records.WriteAsync(Record("1a1b1c1d", "two"), BrowserHouse.Cancellation);
        var ours = Assert.Single(_folder.GetDirectories(), folder => folder.Name != old.Name);
        await File.WriteAllTextAsync(Path.Combine(ours.FullName, "2a2b2c2d.json"), "{ \"Id\": ", BrowserHouse.Cancellation);
        Assert.Null(records.Find("2a2b2c2d"));
        Assert.Equal("1a1b1c1d", Assert.Single(records.List("two")).Id);
        records.ForgetOthers("two");
        Assert.False(Directory.Exists(old.FullName));
    }

    private static PageRecord Record(string id, string browser) => new()
    {
        Id = id, Target = "t", Context = "c", Browser = browser, Port = 20_000, Destinations = [], Base = new Uri("http://localhost/"), Opened = DateTimeOffset.UtcNow,
        Look = new PageLook { Width = 390, Height = 844, IsMobile = true, Locale = "de-DE" },
    };
}
