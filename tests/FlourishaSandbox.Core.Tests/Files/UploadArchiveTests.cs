using System.Diagnostics;
using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Files;

[UnsupportedOSPlatform("windows")]
public sealed class UploadArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static async Task PackAsync(string path, string name, Stream destination, FileOwner owner = default, CopyProgress? progress = null)
    {
        await using var tar = new TarWriter(destination, TarEntryFormat.Gnu, leaveOpen: true);
        await new UploadArchive(owner, progress ?? new CopyProgress(OperationObserver.None, "test", total: null)).WriteAsync(tar, path, name, Limits.Token);
    }

    private static List<TarEntry> Entries(MemoryStream archive)
    {
        archive.Position = 0;
        using var tar = new TarReader(archive);
        var entries = new List<TarEntry>();
        while (tar.GetNextEntry(copyData: true) is { } entry)
            entries.Add(entry);
        return entries;
    }

    [Fact]
    public async Task A_tree_comes_back_as_it_was()
    {
        string[] names =
        [
            "plain", "with space", "new\nline", "-rf", "ünï 漢字 😀", "漢\n字", "tab\t", @"back\slash", "quote'\"", "trailing ",
            new string('l', 200), string.Concat(Enumerable.Repeat("漢", 80)),
            "deep/" + new string('d', 90) + "/" + new string('e', 90) + "/" + string.Concat(Enumerable.Repeat("ü", 100)),
        ];
        var random = new Random(3);
        foreach (var name in names)
        {
            var file = _folder.Write("tree/" + name, "");
            var content = new byte[random.Next(1, 3000)];
            random.NextBytes(content);
            File.WriteAllBytes(file, content);
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddSeconds(random.Next()));
        }

        _folder.Write("tree/empty", "");
        Directory.CreateDirectory(_folder["tree/empty folder/below"]);
        File.WriteAllBytes(_folder["tree/large"], new byte[3_000_000]);
        foreach (var (name, mode) in new[] { ("plain", 0x1A0), ("with space", 0x1FF), ("-rf", 0x140), ("empty", 0x1A4), ("large", 0x1B6), ("empty folder", 0x1C0), ("deep", 0x1FF) })
            File.SetUnixFileMode(_folder["tree/" + name], (UnixFileMode)mode);
        File.CreateSymbolicLink(_folder["tree/link"], "plain");
        File.CreateSymbolicLink(_folder["tree/to folder"], "empty folder/below");
        File.CreateSymbolicLink(_folder["tree/to itself"], ".");
        File.CreateSymbolicLink(_folder["tree/deep/up"], "../plain");
        File.CreateSymbolicLink(_folder["tree/dangling"], "nowhere");
        File.CreateSymbolicLink(_folder["tree/lang"], new string('n', 150) + "/漢");

        var archive = new MemoryStream();
        await PackAsync(_folder["tree"], "sent", archive);
        archive.Position = 0;
        var extraction = new DownloadArchive(_folder["back"], new CopyProgress(OperationObserver.None, "test", total: null));
        await extraction.ExtractAsync(archive, Limits.Token);

        Assert.Empty(extraction.Refused);
        Assert.Equal(TreeSnapshot.Of(_folder["tree"]), TreeSnapshot.Of(_folder["back"]));
    }

    [Fact]
    public async Task Everything_belongs_to_the_given_user_and_lends_no_rights()
    {
        File.SetUnixFileMode(_folder.Write("tree/su", "x"), (UnixFileMode)0xFED);
        Directory.CreateDirectory(_folder["tree/dir"], (UnixFileMode)0xFED);
        File.CreateSymbolicLink(_folder["tree/link"], "su");
        var archive = new MemoryStream();
        await PackAsync(_folder["tree"], "sent", archive, new FileOwner(1000, 2000));
        var entries = Entries(archive);
        Assert.Equal(["sent/", "sent/dir/", "sent/link", "sent/su"], entries.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(entries, entry =>
        {
            Assert.Equal((1000, 2000), (entry.Uid, entry.Gid));
            Assert.Equal(UnixFileMode.None, entry.Mode & (UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit));
        });
    }

    [Fact]
    public async Task Links_are_sent_and_what_they_lead_to_is_not()
    {
        _folder.Write("outside/secret", "x");
        Directory.CreateDirectory(_folder["tree/a"]);
        File.CreateSymbolicLink(_folder["tree/a/up"], ".."); // followed, it would have no end
        File.CreateSymbolicLink(_folder["tree/out"], _folder["outside"]);
        var archive = new MemoryStream();
        await PackAsync(_folder["tree"], "sent", archive);
        Assert.Equal(["sent/", "sent/a/", "sent/a/up", "sent/out"], Entries(archive).Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(0, UploadArchive.Measure(_folder["tree"]));
    }

    [Fact]
    public async Task Pipes_do_not_make_a_copy_wait_for_a_writer()
    {
        Directory.CreateDirectory(_folder["tree"]);
        using (var mkfifo = Process.Start("mkfifo", [_folder["tree/pipe"]]))
            await mkfifo.WaitForExitAsync(Limits.Token);
        await PackAsync(_folder["tree"], "sent", new MemoryStream()).WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Sizes_are_added_up_without_links()
    {
        _folder.Write("tree/a", "12345");
        _folder.Write("tree/b/c", "123");
        File.CreateSymbolicLink(_folder["tree/link"], "a");
        File.CreateSymbolicLink(_folder["tree/dangling"], "nowhere");
        Assert.Equal(8, UploadArchive.Measure(_folder["tree"]));
        Assert.Equal(5, UploadArchive.Measure(_folder["tree/a"]));
        Assert.Equal(0, UploadArchive.Measure(_folder["nosuch"]));
    }

    [Fact]
    public async Task A_file_that_shrinks_while_it_is_copied_fails_the_copy_by_name()
    {
        var path = _folder["shrinking"];
        await File.WriteAllBytesAsync(path, new byte[5_000_000], Limits.Token);
        var destination = new NoticingStream(() =>
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
            file.SetLength(100);
        });
        var failure = await Failure.ExpectAsync(SandboxError.PathNotUsable, () => PackAsync(path, "sent", destination));
        Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        Assert.Contains("shorter", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_copied_is_cut_where_it_ended()
    {
        var path = _folder["growing"];
        await File.WriteAllBytesAsync(path, new byte[2_000_000], Limits.Token);
        var archive = new NoticingStream(() =>
        {
            using var file = new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
            file.Write(new byte[1_000_000]);
        });
        await PackAsync(path, "sent", archive);
        Assert.Equal(2_000_000, Assert.Single(Entries(archive)).Length);
    }

    [Fact]
    public async Task A_file_that_vanishes_while_a_folder_is_copied_is_named()
    {
        foreach (var name in new[] { "a", "b", "c" })
            _folder.Write("tree/" + name, new string(name[0], 100_000));
        var destination = new NoticingStream(() =>
        {
            foreach (var file in Directory.GetFiles(_folder["tree"]))
                File.Delete(file);
        });
        var failure = await Failure.ExpectAsync(SandboxError.PathNotUsable, () => PackAsync(_folder["tree"], "sent", destination));
        Assert.StartsWith(_folder["tree/"], failure.Target as string, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("folder")]
    public void What_may_not_be_read_is_named(string which)
    {
        _folder.Write("tree/file", "secret");
        Directory.CreateDirectory(_folder["tree/folder"]);
        File.SetUnixFileMode(_folder["tree/" + which], UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED);
        if (which == "folder")
            File.Delete(_folder["tree/file"]);

        // Root reads everything, so the thread becomes nobody for the file system.
        Exception? caught = null;
        var thread = new Thread(() =>
        {
            _ = SetFileSystemUser(65534);
            try
            {
                // Completes on this thread: nothing here waits.
                PackAsync(_folder["tree"], "sent", new MemoryStream()).GetAwaiter().GetResult();
            }
            catch (SandboxException exception)
            {
                caught = exception;
            }
        });
        thread.Start();
        thread.Join();

        var failure = Assert.IsType<SandboxException>(caught);
        Assert.Equal(SandboxError.PathNotUsable, failure.Error);
        Assert.Contains(_folder["tree/" + which], failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Progress_counts_files_and_bytes_to_the_end()
    {
        _folder.Write("tree/a", new string('a', 1000));
        _folder.Write("tree/b/c", new string('c', 500));
        var observer = new RecordingObserver();
        var progress = new CopyProgress(observer, "Copying", total: 1500);
        await PackAsync(_folder["tree"], "sent", new MemoryStream(), progress: progress);
        progress.Complete();
        Assert.Equal((2L, 1500L), (progress.Files, progress.Bytes));
        var last = observer.Reports.Last();
        Assert.Equal((1500L, 1500L, true), (last.Done ?? 0, last.Total ?? 0, last.Completed));
    }

    [DllImport("libc", EntryPoint = "setfsuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
#pragma warning disable SYSLIB1054 // The generated kind wants unsafe code in the whole project.
    private static extern int SetFileSystemUser(int uid);
#pragma warning restore SYSLIB1054

    /// <summary>Tells when the first large piece of content arrives, in time to change what is being read.</summary>
    private sealed class NoticingStream(Action onContent) : MemoryStream
    {
        private bool _noticed;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_noticed && buffer.Length > 512)
            {
                _noticed = true;
                onContent();
            }

            return base.WriteAsync(buffer, cancellationToken);
        }
    }
}
