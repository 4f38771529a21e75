using System.Formats.Tar;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class BuildContextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_is_sent_with_its_mode_and_links_stay_links()
    {
        _folder.Write("Dockerfile", "FROM scratch");
        File.SetUnixFileMode(_folder.Write("run it.sh", "#!/bin/sh"), (UnixFileMode)0b111_101_000);
        _folder.Write("sub/ünï.txt", "text");
        _folder.Write("empty", "");
        File.CreateSymbolicLink(_folder["link"], "sub/ünï.txt");
        File.CreateSymbolicLink(_folder["dangling"], "/nowhere");
        Directory.CreateSymbolicLink(_folder["folderlink"], "sub");
        Directory.CreateDirectory(_folder["hollow"]);

        var entries = await EntriesAsync();
        Assert.Equal(["Dockerfile", "dangling", "empty", "folderlink", "hollow/", "link", "run it.sh", "sub/", "sub/ünï.txt"], entries.Keys);
        Assert.Equal((UnixFileMode)0b111_101_000, entries["run it.sh"].Entry.Mode);
        Assert.Equal("#!/bin/sh", entries["run it.sh"].Text);
        Assert.Equal("", entries["empty"].Text);
        Assert.Equal((TarEntryType.SymbolicLink, "sub/ünï.txt"), (entries["link"].Entry.EntryType, entries["link"].Entry.LinkName));
        Assert.Equal((TarEntryType.SymbolicLink, "/nowhere"), (entries["dangling"].Entry.EntryType, entries["dangling"].Entry.LinkName));
        Assert.Equal(TarEntryType.SymbolicLink, entries["folderlink"].Entry.EntryType);
        Assert.All(entries.Values, item => Assert.Equal((0, 0), (item.Entry.Uid, item.Entry.Gid)));
    }

    [Fact]
    public async Task What_is_ignored_is_left_out_but_the_Dockerfile_and_the_ignore_file_are_sent()
    {
        _folder.Write(".dockerignore", "*\n!src/keep/**/*.txt\n");
        _folder.Write("docker/My.Dockerfile", "FROM scratch");
        _folder.Write("docker/other", "");
        _folder.Write("secret", "");
        _folder.Write("src/drop", "");
        _folder.Write("src/keep/deep/a.txt", "");
        _folder.Write("src/keep/deep/b.bin", "");
        Directory.CreateDirectory(_folder["src/hollow"]);

        var entries = await EntriesAsync("docker/My.Dockerfile");
        Assert.Equal([".dockerignore", "docker/", "docker/My.Dockerfile", "src/", "src/keep/", "src/keep/deep/", "src/keep/deep/a.txt"], entries.Keys);
    }

    [Fact]
    public async Task An_ignore_file_of_the_Dockerfile_s_own_takes_the_place_of_the_common_one()
    {
        _folder.Write("Dockerfile", "");
        _folder.Write("Dockerfile.dockerignore", "a");
        _folder.Write(".dockerignore", "b");
        _folder.Write("a", "");
        _folder.Write("b", "");
        var entries = await EntriesAsync();
        Assert.DoesNotContain("a", entries.Keys);
        Assert.Contains("b", entries.Keys);
    }

    [Fact]
    public async Task An_ignored_folder_is_not_even_read()
    {
        Assert.SkipUnless(File.Exists("/bin/mkfifo") || File.Exists("/usr/bin/mkfifo"), "mkfifo is not installed");
        _folder.Write("Dockerfile", "");
        _folder.Write(".dockerignore", "private");
        Directory.CreateDirectory(_folder["private"]);
        Make("mkfifo", _folder["private/pipe"]);
        Make("mkfifo", _folder["pipe"]);
        // A named pipe outside is passed over without waiting for its other end.
        Assert.DoesNotContain("private/", (await EntriesAsync()).Keys);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_named()
    {
        var exception = await Assert.ThrowsAsync<DirectoryNotFoundException>(() => BuildContext.WriteTarAsync(_folder["gone"], "Dockerfile", Stream.Null, Limits.Token));
        Assert.Contains(_folder["gone"], exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_grows_while_it_is_sent_does_not_spoil_the_stream()
    {
        var path = _folder.Write("a.log", new string('a', 300_000));
        _folder.Write("b", "after");
        var tar = new MemoryStream();
        await BuildContext.WriteTarAsync(_folder.Path, "Dockerfile", new WatchedStream(tar, () => File.AppendAllText(path, "more")), Limits.Token);
        var entries = await ReadAsync(tar);
        Assert.Equal(300_000, entries["a.log"].Text.Length);
        Assert.Equal("after", entries["b"].Text);
    }

    [Fact]
    public async Task A_file_that_shrinks_while_it_is_sent_is_an_error_that_names_it()
    {
        var path = _folder.Write("a.log", new string('a', 300_000));
        var exception = await Assert.ThrowsAsync<IOException>(() =>
            BuildContext.WriteTarAsync(_folder.Path, "Dockerfile", new WatchedStream(new MemoryStream(), () => File.WriteAllText(path, "")), Limits.Token));
        Assert.Contains("a.log", exception.Message, StringComparison.Ordinal);
    }

    private async Task<SortedDictionary<string, (TarEntry Entry, string Text)>> EntriesAsync(string dockerfile = "Dockerfile")
    {
        var tar = new MemoryStream();
        await BuildContext.WriteTarAsync(_folder.Path, dockerfile, tar, Limits.Token);
        return await ReadAsync(tar);
    }

    private static async Task<SortedDictionary<string, (TarEntry Entry, string Text)>> ReadAsync(MemoryStream tar)
    {
        tar.Position = 0;
        using var reader = new TarReader(tar);
        var entries = new SortedDictionary<string, (TarEntry, string)>(StringComparer.Ordinal);
        var seen = new HashSet<string>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            var parent = entry.Name.TrimEnd('/') is var name && name.Contains('/') ? name[..(name.LastIndexOf('/') + 1)] : null;
            Assert.True(parent is null || seen.Contains(parent), $"{entry.Name} comes before its folder");
            seen.Add(entry.Name);
            entries.Add(entry.Name, (entry, entry.DataStream is { } data ? await new StreamReader(data).ReadToEndAsync() : ""));
        }
        return entries;
    }

    private static void Make(string program, string argument)
    {
        using var process = System.Diagnostics.Process.Start(program, [argument]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>Does something at the first large write, which is in the middle of the first file.</summary>
    private sealed class WatchedStream(MemoryStream inner, Action once) : Stream
    {
        private Action? _once = once;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            if (count > 4096)
            {
                _once?.Invoke();
                _once = null;
            }
        }
    }
}
