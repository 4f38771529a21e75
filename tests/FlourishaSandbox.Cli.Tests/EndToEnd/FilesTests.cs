using System.Text;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>Copying and listing files.</summary>
public sealed class FilesTests : SandboxTests
{
    [Theory]
    [InlineData("with space.txt")]
    [InlineData("new\nline.txt")]
    [InlineData("-leading-dash.txt")]
    [InlineData("üñí漢字✓.txt")]
    [InlineData("quote'\"$HOME`.txt")]
    [InlineData("colon:name.txt")]
    public async Task Odd_names_survive_both_ways(string name)
    {
        var content = Encoding.UTF8.GetBytes($"content of {name}\0\r\n");
        await File.WriteAllBytesAsync(Path.Combine(Folder, name), content);

        (await RunAsync("upload", Id, "--", Path.Combine(Folder, name), "/tmp/odd/")).Expect(0);
        var listed = (await RunAsync("ls", Id, "/tmp/odd", "--json")).Expect(0).Json;
        Assert.Equal([name], listed.EnumerateArray().Select(file => file.GetProperty("name").GetString()));
        Assert.Equal("10000\n", (await ExecAsync("find /tmp/odd -type f -printf '%U\\n'")).Expect(0).Output);

        var result = (await RunAsync("download", Id, "--", $"/tmp/odd/{name}", Path.Combine(Folder, "back/"))).Expect(0);
        Assert.Equal("", result.Output);
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(Folder, "back", name)));
    }

    [Fact]
    public async Task A_leading_dash_works_behind_two_dashes()
    {
        await File.WriteAllTextAsync(Path.Combine(Folder, "-x"), "dash");
        (await RunShellAsync($"cd '{Folder}' && cli upload {Id} -- -x /tmp/ && cli download {Id} -- /tmp/-x -y && cat -- -y")).Expect(0);
        Assert.Equal("dash", await File.ReadAllTextAsync(Path.Combine(Folder, "-y")));
    }

    [Fact]
    public async Task Folders_and_several_sources_are_copied()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "app", "sub"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "app", "sub", "a"), "a");
        await File.WriteAllTextAsync(Path.Combine(Folder, "b"), "b");
        var json = (await RunAsync("upload", Id, Path.Combine(Folder, "app"), Path.Combine(Folder, "b"), "/tmp/in", "--json")).Expect(0).Json;
        Assert.Equal(["/tmp/in/app", "/tmp/in/b"], json.EnumerateArray().Select(item => item.GetProperty("destination").GetString()));

        var text = (await RunAsync("download", Id, "/tmp/in", Path.Combine(Folder, "out"))).Expect(0);
        Assert.Contains("2 files", text.Error, StringComparison.Ordinal);
        Assert.Equal("a", await File.ReadAllTextAsync(Path.Combine(Folder, "out", "app", "sub", "a")));
    }

    [Fact]
    public async Task What_would_leave_the_destination_is_refused_and_named()
    {
        (await ExecAsync("mkdir /tmp/evil && cd /tmp/evil && echo good > good && ln -s /etc/passwd evil-link && mkfifo pipe")).Expect(0);
        var result = (await RunAsync("download", Id, "/tmp/evil", Path.Combine(Folder, "evil"))).Expect(1);
        Assert.Contains("Refused: 'evil/evil-link' is a link to '/etc/passwd'", result.Error, StringComparison.Ordinal);
        Assert.Contains("Refused: 'evil/pipe' is a pipe", result.Error, StringComparison.Ordinal);
        Assert.Equal("good\n", await File.ReadAllTextAsync(Path.Combine(Folder, "evil", "good")));
        Assert.Null(new FileInfo(Path.Combine(Folder, "evil", "evil-link")).LinkTarget);

        var json = (await RunAsync("download", Id, "/tmp/evil", Path.Combine(Folder, "again"), "--json")).Expect(1).Json;
        Assert.Equal(["evil/evil-link", "evil/pipe"], json[0].GetProperty("refused").EnumerateArray().Select(entry => entry.GetProperty("name").GetString()).Order());
    }

    [Fact]
    public async Task Paths_that_are_not_there_are_named()
    {
        Assert.Equal("PathNotFound", (await RunAsync("upload", "--json", Id, "/no/such/file", "/tmp/")).Expect(3).JsonError.GetProperty("id").GetString());
        Assert.Equal("PathNotFound", (await RunAsync("download", "--json", Id, "/no/such/file", Folder)).Expect(3).JsonError.GetProperty("id").GetString());
        Assert.Equal("PathNotFound", (await RunAsync("ls", "--json", Id, "/no/such/folder")).Expect(3).JsonError.GetProperty("id").GetString());
    }

    [Fact]
    public async Task A_listing_is_a_table_that_no_name_can_break()
    {
        (await ExecAsync("mkdir -p /tmp/t/sub; cd /tmp/t; printf 12345 > five; ln -s five link; touch \"$(printf 'a\\nb\\033[2J')\"; touch sub/deep")).Expect(0);
        var lines = (await RunAsync("ls", Id, "t")).Expect(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Matches(@"\AMODE +OWNER +GROUP +SIZE +MODIFIED +NAME\z", lines[0]);
        Assert.EndsWith(@"a\nb\u001b[2J", lines[1], StringComparison.Ordinal);
        Assert.Matches(@"\A-rw-r--r-- .* 5  \d{4}-\d\d-\d\d \d\d:\d\d  five\z", lines[2]);
        Assert.EndsWith("link -> five", lines[3], StringComparison.Ordinal);
        Assert.StartsWith("drwx", lines[4], StringComparison.Ordinal);

        var all = (await RunAsync("ls", Id, "/tmp/t", "-R", "--json")).Expect(0).Json;
        Assert.Contains("/tmp/t/sub/deep", all.EnumerateArray().Select(file => file.GetProperty("path").GetString()));
        Assert.Equal("", (await RunAsync("ls", Id, "/tmp/t/sub/no*")).Expect(0).Output);
    }
}
