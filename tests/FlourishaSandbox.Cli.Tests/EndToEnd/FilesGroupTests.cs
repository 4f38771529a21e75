using System.Text.Json;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>The verbs below <c>files</c>, with the real agent.</summary>
public sealed class FilesGroupTests : AgentTests
{
    [Fact]
    public async Task Text_goes_in_exactly_and_out_again()
    {
        (await FilesAsync("write", "deep/er/notes", "grüße, no line end")).Expect(0);

        Assert.Equal("grüße, no line end", (await FilesAsync("read", "/tmp/deep/er/notes")).Expect(0).Output);
        Assert.Equal("10000\n", (await ExecAsync("stat -c %u deep/er/notes")).Expect(0).Output);
        var json = (await FilesAsync("read", "deep/er/notes", "--json")).Expect(0).Json;
        Assert.Equal(("grüße, no line end", null), (json.GetProperty("text").GetString(), json.GetProperty("base64").GetString()));
    }

    [Fact]
    public async Task Bytes_go_in_and_out_unchanged()
    {
        var bytes = new byte[5_000_003];
        new Random(7).NextBytes(bytes);
        (await RunWithInputAsync(bytes, "files", "write", Id, "bytes")).Expect(0);

        var read = (await FilesAsync("read", "bytes")).Expect(0).OutputBytes;
        Assert.True(bytes.AsSpan().SequenceEqual(read), $"{read.Length} bytes came back, not all of them as they were");
    }

    [Fact]
    public async Task Base64_is_taken_for_what_it_stands_for_or_not_at_all()
    {
        (await RunWithInputAsync("AAH/\n"u8.ToArray(), "files", "write", Id, "binary", "--base64")).Expect(0);
        Assert.Equal([0, 1, 255], (await FilesAsync("read", "binary")).Expect(0).OutputBytes);
        Assert.Equal("AAH/", (await FilesAsync("read", "binary", "--json")).Expect(0).Json.GetProperty("base64").GetString());

        Assert.Equal("InvalidOption", (await FilesAsync("write", "nothing", "!", "--base64", "--json")).Expect(2).JsonError.GetProperty("id").GetString());
        Assert.Equal("false\n", (await FilesAsync("exists", "nothing")).Expect(1).Output);
    }

    [Fact]
    public async Task Text_is_replaced_once_or_everywhere_or_not_at_all()
    {
        (await FilesAsync("write", "edit", "one two two")).Expect(0);

        (await FilesAsync("edit", "edit", "--old", "one", "--new", "1")).Expect(0);
        Assert.Contains("2 times", (await FilesAsync("edit", "edit", "--old", "two", "--new", "2")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Contains("is not in", (await FilesAsync("edit", "edit", "--old", "three", "--new", "3")).Expect(2).Error, StringComparison.Ordinal);
        Assert.Equal("1 two two", (await FilesAsync("read", "edit")).Output);
        Assert.Equal(2, (await FilesAsync("edit", "edit", "--old", " two", "--new", "", "--all", "--json")).Expect(0).Json.GetProperty("replaced").GetInt32());
        Assert.Equal("1", (await FilesAsync("read", "edit")).Output);

        (await ExecAsync("printf 'a\\377' > binary")).Expect(0);
        (await FilesAsync("edit", "binary", "--old", "a", "--new", "b")).Expect(4);
    }

    [Fact]
    public async Task What_is_there_is_told()
    {
        (await FilesAsync("write", "there", "12345")).Expect(0);

        Assert.Equal("true\n", (await FilesAsync("exists", "there")).Expect(0).Output);
        Assert.False((await FilesAsync("exists", "none", "--json")).Expect(1).Json.GetProperty("exists").GetBoolean());
        Assert.Matches(@"-rw-r--r-- .* 5  .*/tmp/there", (await FilesAsync("info", "there")).Expect(0).Output);
        Assert.Equal(5, (await FilesAsync("info", "there", "--json")).Expect(0).Json.GetProperty("size").GetInt64());
        Assert.Equal("PathNotFound", (await FilesAsync("info", "none", "--json")).Expect(3).JsonError.GetProperty("id").GetString());
        Assert.Contains("there", (await RunAsync("files", "ls", Id)).Expect(0).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folders_and_files_are_made_moved_and_removed()
    {
        (await FilesAsync("mkdir", "a/b", "c")).Expect(0);
        (await FilesAsync("write", "a/b/file", "x")).Expect(0);
        Assert.Equal("/tmp/c/file", (await FilesAsync("mv", "a/b/file", "c", "--json")).Expect(0).Json.GetProperty("destination").GetString());
        (await FilesAsync("mv", "c/file", "c/renamed")).Expect(0);

        Assert.Contains("--recurse", (await FilesAsync("rm", "c")).Expect(4).Error, StringComparison.Ordinal);
        Assert.Equal("PathNotFound", (await FilesAsync("rm", "none", "--json")).Expect(3).JsonError.GetProperty("id").GetString());
        (await FilesAsync("rm", "-r", "-f", "a", "none", "c")).Expect(0);
        Assert.Equal("", (await ExecAsync("ls")).Expect(0).Output);
    }

    [Fact]
    public async Task What_is_in_a_folder_goes_in_and_out()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "app", "sub"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "app", "a"), "a");
        await File.WriteAllTextAsync(Path.Combine(Folder, "app", "sub", ".hidden"), "h");
        var out1 = Path.Combine(Folder, "new");
        var out2 = Directory.CreateDirectory(Path.Combine(Folder, "old")).FullName;

        (await FilesAsync("upload-dir", Path.Combine(Folder, "app"), "/tmp/up")).Expect(0);
        Assert.Equal("up\nup/a\nup/sub\nup/sub/.hidden\n", (await ExecAsync("find up | sort")).Expect(0).Output);
        foreach (var target in (string[])[out1, out2])
        {
            Assert.Contains("2 files", (await FilesAsync("download-dir", "up", target)).Expect(0).Error, StringComparison.Ordinal);
            Assert.Equal("h", await File.ReadAllTextAsync(Path.Combine(target, "sub", ".hidden")));
            Assert.Equal("a", await File.ReadAllTextAsync(Path.Combine(target, "a")));
        }

        (await FilesAsync("upload-dir", Directory.CreateDirectory(Path.Combine(Folder, "empty")).FullName, "empty")).Expect(0);
        Assert.Equal("directory", (await FilesAsync("info", "empty", "--json")).Expect(0).Json.GetProperty("type").GetString());
        (await FilesAsync("upload-dir", Path.Combine(Folder, "none"), "x")).Expect(3);
    }

    [Fact]
    public async Task What_a_hostile_folder_holds_is_refused_here_too()
    {
        (await ExecAsync("mkdir evil && echo good > evil/good && ln -s /etc/passwd evil/link")).Expect(0);

        var result = (await FilesAsync("download-dir", "evil", Path.Combine(Folder, "evil"))).Expect(1);

        Assert.Contains("is a link to '/etc/passwd'", result.Error, StringComparison.Ordinal);
        Assert.Equal("good\n", await File.ReadAllTextAsync(Path.Combine(Folder, "evil", "good")));
    }

    [Fact]
    public async Task What_happens_is_told_as_it_happens()
    {
        (await FilesAsync("mkdir", "watched")).Expect(0);
        (await ExecAsync("--background", "sleep 1; mkdir watched/sub; sleep 0.3; printf x > \"watched/sub/$(printf 'a\\033b')\"")).Expect(0);

        var lines = (await FilesAsync("watch", "watched", "-R", "--count", "2", "--timeout", "30")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Matches(@"\Acreated +/tmp/watched/sub\z", lines[0]);
        Assert.Matches(@"\Acreated +/tmp/watched/sub/a\\u001bb\z", lines[1]);
    }

    [Fact]
    public async Task Watching_ends_when_its_time_is_over_or_it_is_interrupted()
    {
        (await FilesAsync("watch", ".", "--timeout", "0.3")).Expect(0);
        (await FilesAsync("watch", ".", "--timeout", "0.3", "--count", "1")).Expect(124);
        (await FilesAsync("watch", "none")).Expect(3);

        using var process = Start("files", "watch", Id, ".", "--json");
        var reading = process.StandardOutput.ReadLineAsync();
        await WaitUntilAsync(
            async () =>
            {
                // When it began to watch nobody says, so there is something to see again and again.
                (await FilesAsync("write", "now", "x")).Expect(0);
                return reading.IsCompleted;
            },
            "an event came");
        Assert.Equal("/tmp/now", JsonDocument.Parse((await reading)!).RootElement.GetProperty("path").GetString());
        CliProgram.SendInterrupt(process);
        (await CliProgram.FinishAsync(process)).Expect(130);
    }

    private Task<CliResult> FilesAsync(string verb, params string[] args) => RunAsync(["files", verb, Id, .. args]);
}
