using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;

namespace FlourishaSandbox.Agent.Tests.Files;

public sealed class FilesystemTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private readonly string _folder = agent.NewFolder();

    private static EnvdJson Json => EnvdJson.Default;

    private async Task<EntryInfo> StatAsync(string path) => (await agent.CallAsync("Stat", new StatRequest(path), Json.StatRequest, Json.EntryResponse)).Entry!;

    private async Task<EntryInfo> MakeAsync(string path) => (await agent.CallAsync("MakeDir", new MakeDirRequest(path), Json.MakeDirRequest, Json.EntryResponse)).Entry!;

    private async Task<EntryInfo> MoveAsync(string source, string destination) => (await agent.CallAsync("Move", new MoveRequest(source, destination), Json.MoveRequest, Json.EntryResponse)).Entry!;

    private Task<EmptyMessage> RemoveAsync(string path) => agent.CallAsync("Remove", new RemoveRequest(path), Json.RemoveRequest, Json.EmptyMessage);

    private async Task<IReadOnlyList<EntryInfo>> ListAsync(string path, int depth = 1) =>
        (await agent.CallAsync("ListDir", new ListDirRequest { Path = path, Depth = depth }, Json.ListDirRequest, Json.ListDirResponse)).Entries!;

    private static async Task FailsAsync(ConnectCode code, Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<ConnectException>(call);
        Assert.True(code == failure.Code, $"{failure.Code} instead of {code}: {failure.Message}");
    }

    private string Write(string name, string content = "content")
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return path;
    }

    [Fact]
    public async Task A_file_is_described()
    {
        var path = Write("ünï 漢字.txt", "1234");
        File.SetUnixFileMode(path, (UnixFileMode)0x9A4);
        File.SetLastWriteTimeUtc(path, new DateTime(2024, 2, 29, 12, 30, 15, 250, DateTimeKind.Utc));

        var entry = await StatAsync(path);

        Assert.Equal((Path.GetFileName(path), path, FileType.File, 4L), (entry.Name, entry.Path, entry.Type, entry.Size));
        Assert.Equal((0x1A4, "-rwSr--r--"), (entry.Mode, entry.Permissions));
        Assert.Equal((Environment.UserName, null), (entry.Owner, entry.SymlinkTarget));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 12, 30, 15, 250, TimeSpan.Zero), entry.ModifiedTime);
        Assert.True(entry.Flourisha!.Writable);
    }

    [Fact]
    public async Task A_folder_is_described()
    {
        var entry = await StatAsync(_folder + "//./");

        Assert.Equal((Path.GetFileName(_folder), _folder, FileType.Directory, 0x1ED, "drwxr-xr-x"), (entry.Name, entry.Path, entry.Type, entry.Mode, entry.Permissions));
    }

    [Fact]
    public async Task A_link_is_described_by_where_it_leads()
    {
        var file = Write("file");
        File.CreateSymbolicLink(Path.Combine(_folder, "link"), "file");
        File.CreateSymbolicLink(Path.Combine(_folder, "broken"), "nowhere");
        File.CreateSymbolicLink(Path.Combine(_folder, "circle"), "circle");

        var link = await StatAsync(Path.Combine(_folder, "link"));
        Assert.Equal((FileType.File, file, "file", "lrwxrwxrwx"), (link.Type, link.SymlinkTarget, link.Flourisha!.LinkTarget, link.Permissions));
        var broken = await StatAsync(Path.Combine(_folder, "broken"));
        Assert.Equal((FileType.Symlink, "nowhere"), (broken.Type, broken.SymlinkTarget));
        var circle = await StatAsync(Path.Combine(_folder, "circle"));
        Assert.Equal((FileType.Symlink, "circle"), (circle.Type, circle.SymlinkTarget));
    }

    [Fact]
    public async Task What_is_not_there_is_not_found()
    {
        await FailsAsync(ConnectCode.NotFound, () => StatAsync(_folder + "/none"));
        await FailsAsync(ConnectCode.NotFound, () => ListAsync(_folder + "/none"));
        await FailsAsync(ConnectCode.NotFound, () => MoveAsync(_folder + "/none", _folder + "/new/name"));
        Assert.False(Directory.Exists(_folder + "/new"));
        await RemoveAsync(_folder + "/none");
        await RemoveAsync(_folder + "/none/below");
    }

    [Fact]
    public async Task Folders_are_made_with_those_above()
    {
        var path = _folder + "/a/b/c";
        Assert.Equal((path, FileType.Directory, 0x1ED), ((await MakeAsync(path)) is var made ? (made.Path, made.Type, made.Mode) : default));
        await FailsAsync(ConnectCode.AlreadyExists, () => MakeAsync(path));

        var file = Write("file");
        await FailsAsync(ConnectCode.InvalidArgument, () => MakeAsync(file));
        await FailsAsync(ConnectCode.InvalidArgument, () => MakeAsync(file + "/below"));
    }

    [Fact]
    public async Task Things_are_moved_to_where_there_was_no_folder()
    {
        var source = Write("from", "moved");
        var entry = await MoveAsync(source, _folder + "/to/here");

        Assert.Equal(("here", _folder + "/to/here", FileType.File), (entry.Name, entry.Path, entry.Type));
        Assert.Equal("moved", File.ReadAllText(_folder + "/to/here"));
        Assert.False(File.Exists(source));

        await MoveAsync(_folder + "/to", _folder + "/folder");
        Assert.Equal("moved", File.ReadAllText(_folder + "/folder/here"));
        await FailsAsync(ConnectCode.InvalidArgument, () => MoveAsync(_folder + "/folder", _folder + "/folder/below"));
        await FailsAsync(ConnectCode.FailedPrecondition, () => MoveAsync(Write("file"), _folder + "/folder"));
        await FailsAsync(ConnectCode.FailedPrecondition, () => MoveAsync(_folder + "/folder", Write("other")));
        Directory.CreateDirectory(_folder + "/second");
        await FailsAsync(ConnectCode.FailedPrecondition, () => MoveAsync(_folder + "/second", _folder + "/folder"));
    }

    [Fact]
    public async Task Things_are_moved_to_other_file_systems()
    {
        Assert.SkipUnless(Environment.UserName == "root", "needs root to mount another file system");
        Write("tree/inner/file", "moved");
        File.CreateSymbolicLink(_folder + "/tree/link", "inner/file");
        var other = Directory.CreateDirectory(_folder + "/other").FullName;
        FileAgent.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", other);
        try
        {
            Assert.Equal(other + "/new", (await MoveAsync(_folder + "/tree", other + "/new")).Path);
            Assert.Equal("moved", await File.ReadAllTextAsync(other + "/new/link"));
            Assert.False(Directory.Exists(_folder + "/tree"));
            Assert.Equal(["new"], Directory.GetFileSystemEntries(other).Select(Path.GetFileName));

            await File.WriteAllBytesAsync(_folder + "/large", new byte[2 << 20]);
            await FailsAsync(ConnectCode.ResourceExhausted, () => MoveAsync(_folder + "/large", other + "/large"));
            await FailsAsync(ConnectCode.FailedPrecondition, () => MoveAsync(Write("file"), other + "/new"));
            Assert.True(File.Exists(_folder + "/large"));
            Assert.Equal(["new"], Directory.GetFileSystemEntries(other).Select(Path.GetFileName));
        }
        finally
        {
            FileAgent.Run("umount", other);
        }
    }

    [Fact]
    public async Task A_list_is_as_deep_as_asked_for()
    {
        foreach (var name in (string[])["b/inner/file", "a", "b.txt", "c/one"])
            Write("list/" + name);

        File.CreateSymbolicLink(_folder + "/list/link", "b");
        File.CreateSymbolicLink(_folder + "/alias", "list");

        string[] Names(IReadOnlyList<EntryInfo> entries) => [.. entries.Select(entry => Path.GetRelativePath(_folder + "/list", entry.Path))];
        string[] flat = ["a", "b", "b.txt", "c", "link"];
        Assert.Equal(flat, Names(await ListAsync(_folder + "/list", 0)));
        Assert.Equal(flat, Names(await ListAsync(_folder + "/list", 1)));
        Assert.Equal(["a", "b", "b/inner", "b.txt", "c", "c/one", "link"], Names(await ListAsync(_folder + "/list", 2)));
        Assert.Equal(["a", "b", "b/inner", "b/inner/file", "b.txt", "c", "c/one", "link"], Names(await ListAsync(_folder + "/list", int.MaxValue)));

        var link = (await ListAsync(_folder + "/list"))[^1];
        Assert.Equal((FileType.Directory, _folder + "/list/b", "b"), (link.Type, link.SymlinkTarget, link.Flourisha!.LinkTarget));
        Assert.Equal(_folder + "/alias/a", (await ListAsync(_folder + "/alias"))[0].Path);
        await FailsAsync(ConnectCode.InvalidArgument, () => ListAsync(_folder + "/list/a"));
        await FailsAsync(ConnectCode.InvalidArgument, () => ListAsync(_folder, -1));
        File.CreateSymbolicLink(_folder + "/circle", "circle");
        await FailsAsync(ConnectCode.FailedPrecondition, () => ListAsync(_folder + "/circle"));
    }

    [Fact]
    public async Task Removing_takes_the_whole_tree_and_no_more()
    {
        var kept = Write("kept/file");
        for (var i = 0; i < 300; i++)
            Write($"tree/{i % 20}/{i % 7}/{i}");

        File.CreateSymbolicLink(_folder + "/tree/out", _folder + "/kept");
        File.CreateSymbolicLink(_folder + "/way", "tree");
        File.SetUnixFileMode(_folder + "/tree/3/1", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await RemoveAsync(_folder + "/way");
        Assert.True(Directory.Exists(_folder + "/tree/5"));
        await RemoveAsync(_folder + "/tree");

        Assert.False(Directory.Exists(_folder + "/tree"));
        Assert.True(File.Exists(kept));
        await RemoveAsync(kept);
        Assert.False(File.Exists(kept));
        await FailsAsync(ConnectCode.InvalidArgument, () => RemoveAsync("/"));
        await FailsAsync(ConnectCode.InvalidArgument, () => RemoveAsync("/./"));
    }

    [Fact]
    public async Task A_tree_is_removed_that_is_deeper_than_any_path()
    {
        FileAgent.Run("perl", "-e", $"chdir '{_folder}'; for (0 .. 3000) {{ mkdir $_ ? 'ddddd' : 'deep'; chdir $_ ? 'ddddd' : 'deep'; open my $f, '>', 'file' }}");
        await RemoveAsync(_folder + "/deep");
        Assert.False(Directory.Exists(_folder + "/deep"));
    }

    [Fact]
    public async Task Relative_paths_begin_in_the_home()
    {
        var home = (await StatAsync("")).Path;
        Assert.Equal(home, (await StatAsync("~")).Path);
        Assert.Equal(home, (await StatAsync("~/.")).Path);
        await FailsAsync(ConnectCode.NotFound, () => StatAsync("no-such-file-here"));
    }

    public static TheoryData<string> HostilePaths => [.. (string[])
    [
        "/tmp/../etc/passwd", "..", "a/..", "/..", "../../x", "~root", "~root/x", "/tmp/a\0b", "\0", new string('a', 5000), "/" + new string('é', 2048),
        "/tmp/\ud800", "\udc00x",
    ]];

    [Theory]
    [MemberData(nameof(HostilePaths))]
    public async Task Paths_that_lead_elsewhere_are_refused(string path)
    {
        // Half a character cannot be sent as JSON by .NET, so the text is written by hand.
        async Task Call(string method, string member)
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes($"{{\"{member}\":\"{string.Concat(path.Select(letter => $"\\u{(int)letter:x4}"))}\",\"destination\":\"/tmp/flourisha-never\"}}"));
            content.Headers.ContentType = new MediaTypeHeaderValue(EnvdProtocol.UnaryContentType);
            using var response = await agent.Http.PostAsync(EnvdRoutes.Filesystem + method, content);
            var error = await response.Content.ReadAsStringAsync();

            // "~root" is but a name where nobody takes it for another's home.
            Assert.True((int)response.StatusCode == 400 || (path.StartsWith('~') && (int)response.StatusCode is 404), $"{method} {(int)response.StatusCode}: {error}");
        }

        await Call("Stat", "path");
        await Call("ListDir", "path");
        await Call("CreateWatcher", "path");
        await Call("Move", "source");
        if (!path.StartsWith('~'))
        {
            await Call("MakeDir", "path");
            await Call("Remove", "path");
        }

        Assert.True(await agent.IsAliveAsync());
    }

    [Fact]
    public async Task Another_user_is_refused()
    {
        void As(HttpRequestMessage message, string user) => message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(user + ":")));
        Task<EntryResponse> Stat(string user) => agent.CallAsync("Stat", new StatRequest(_folder), Json.StatRequest, Json.EntryResponse, message => As(message, user));

        Assert.Equal(_folder, (await Stat(Environment.UserName)).Entry!.Path);
        await FailsAsync(ConnectCode.Unauthenticated, () => Stat("somebody-else"));
    }

    [Fact]
    public async Task Names_follow_the_rights_of_the_user()
    {
        Assert.SkipUnless(FileAgent.CanBeNobody, "needs root and setpriv");
        using var nobody = FileAgent.AsNobody();
        var locked = Directory.CreateDirectory(Path.Combine(nobody.Home, "locked")).FullName;
        File.WriteAllText(Path.Combine(locked, "file"), "");
        File.SetUnixFileMode(locked, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var shown = Path.Combine(nobody.Home, "shown");
        File.WriteAllText(shown, "");

        Task<TResponse> Ask<TRequest, TResponse>(string method, TRequest request, JsonTypeInfo<TRequest> from, JsonTypeInfo<TResponse> to) => nobody.CallAsync(method, request, from, to);
        var entry = (await Ask("Stat", new StatRequest(shown), Json.StatRequest, Json.EntryResponse)).Entry!;
        Assert.Equal(("root", "root", false), (entry.Owner, entry.Group, entry.Flourisha!.Writable));
        var own = (await Ask("Stat", new StatRequest(nobody.Home), Json.StatRequest, Json.EntryResponse)).Entry!;
        Assert.Equal(("nobody", "nogroup", true), (own.Owner, own.Group, own.Flourisha!.Writable));
        await FailsAsync(ConnectCode.PermissionDenied, () => Ask("Stat", new StatRequest(locked + "/file"), Json.StatRequest, Json.EntryResponse));
        await FailsAsync(ConnectCode.PermissionDenied, () => Ask("ListDir", new ListDirRequest { Path = locked }, Json.ListDirRequest, Json.ListDirResponse));
        await FailsAsync(ConnectCode.PermissionDenied, () => Ask("Remove", new RemoveRequest(locked), Json.RemoveRequest, Json.EmptyMessage));
        await FailsAsync(ConnectCode.PermissionDenied, () => Ask("MakeDir", new MakeDirRequest("/flourisha-never"), Json.MakeDirRequest, Json.EntryResponse));

        // The rest of the list is worth having all the same.
        var list = (await Ask("ListDir", new ListDirRequest { Path = nobody.Home, Depth = 5 }, Json.ListDirRequest, Json.ListDirResponse)).Entries!;
        Assert.Equal(["locked", "shown"], list.Select(item => item.Name));
    }
}
