using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;
using static FlourishaSandbox.Agent.Tests.Files.TestArchives;

namespace FlourishaSandbox.Agent.Tests.Files;

public sealed class TarTests(FileAgent agent) : IClassFixture<FileAgent>
{
    private readonly string _folder = agent.NewFolder();

    private static string Url(string path) => $"{EnvdRoutes.Tar}?path={Uri.EscapeDataString(path)}";

    private static async Task<ConnectException> FailureAsync(HttpResponseMessage response)
    {
        var error = JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), EnvdJson.Default.ConnectError)!;
        var code = ConnectCodes.FromName(error.Code);
        Assert.Equal(ConnectCodes.ToStatus(code), (int)response.StatusCode);
        return new ConnectException(code, error.Message!);
    }

    private async Task<TarReceipt> PutAsync(HttpContent content, string? folder = null)
    {
        content.Headers.ContentType = new MediaTypeHeaderValue(EnvdProtocol.TarContentType);
        using var response = await agent.Http.PutAsync(Url(folder ?? _folder), content);
        return response.IsSuccessStatusCode ? JsonSerializer.Deserialize(await response.Content.ReadAsByteArrayAsync(), EnvdJson.Default.TarReceipt)! : throw await FailureAsync(response);
    }

    private async Task<ConnectCode> RefusedAsync(byte[] archive) => (await Assert.ThrowsAsync<ConnectException>(() => PutAsync(new ByteArrayContent(archive)))).Code;

    private static readonly string[] s_names =
    [
        "plain", "with space", "new\nline", "-rf", "ünï 漢字 😀", "tab\t", @"back\slash", "quote'\"", "trailing ", "..double", "...", "deep/er/and/deeper",
        new string('l', 99), new string('m', 100), new string('n', 101), new string('o', 255), string.Concat(Enumerable.Repeat("漢", 80)),
        "long/" + new string('d', 90) + "/" + new string('e', 90) + "/" + string.Concat(Enumerable.Repeat("ü", 100)),
    ];

    private static void MakeTree(string root)
    {
        var random = new Random(3);
        foreach (var name in s_names)
        {
            var path = Path.Combine(root, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            var content = new byte[random.Next(0, 3000)];
            random.NextBytes(content);
            System.IO.File.WriteAllBytes(path, content);
            System.IO.File.SetUnixFileMode(path, (UnixFileMode)random.Next(0x180, 0x200));
            System.IO.File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(random.Next()));
        }

        System.IO.File.WriteAllBytes(Path.Combine(root, "exact"), new byte[512]);
        System.IO.File.WriteAllBytes(Path.Combine(root, "large"), new byte[3_000_001]);
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "link"), "plain");
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "long link"), new string('x', 200) + "/" + new string('y', 200));
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "to folder"), "deep/er");
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "broken"), "/nowhere/at/all");
        Directory.CreateDirectory(Path.Combine(root, "empty/inner"));
        System.IO.File.SetUnixFileMode(Path.Combine(root, "empty"), (UnixFileMode)0x1C0);
        Directory.SetLastWriteTimeUtc(Path.Combine(root, "empty"), new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc));
        Directory.SetLastWriteTimeUtc(Path.Combine(root, "deep"), new DateTime(2002, 2, 3, 4, 5, 6, DateTimeKind.Utc));
    }

    /// <summary>Everything about a tree that a copy has to keep, one line each.</summary>
    private static List<string> Snapshot(string root) =>
    [
        .. Directory.EnumerateFileSystemEntries(root, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None })
            .Order(StringComparer.Ordinal)
            .Select(path => new FileInfo(path) is { LinkTarget: { } target }
                ? $"{path[root.Length..]} -> {target}"
                : $"{path[root.Length..]} {System.IO.File.GetUnixFileMode(path)} {new DateTimeOffset(System.IO.File.GetLastWriteTimeUtc(path)).ToUnixTimeSeconds()} " +
                  (Directory.Exists(path) ? "folder" : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(System.IO.File.ReadAllBytes(path)))))
    ];

    [Fact]
    public async Task A_tree_comes_out_and_goes_in_as_it_was()
    {
        var tree = Directory.CreateDirectory(_folder + "/tree").FullName;
        MakeTree(tree);
        using var response = await agent.Http.GetAsync(Url(tree));
        Assert.Equal((HttpStatusCode.OK, EnvdProtocol.TarContentType), (response.StatusCode, response.Content.Headers.ContentType!.ToString()));
        var archive = await response.Content.ReadAsByteArrayAsync();

        var copy = Directory.CreateDirectory(_folder + "/copy").FullName;
        var receipt = await PutAsync(new ByteArrayContent(archive), copy);
        Assert.Equal(Snapshot(tree), Snapshot(copy + "/tree"));
        Assert.Equal(s_names.Length + 2, receipt.Files);
        Assert.Equal(Directory.EnumerateFiles(tree, "*", SearchOption.AllDirectories).Where(path => !path.Contains("/to folder/", StringComparison.Ordinal) && new FileInfo(path).LinkTarget is null).Sum(path => new FileInfo(path).Length), receipt.Bytes);

        // GNU tar takes it, too.
        await System.IO.File.WriteAllBytesAsync(_folder + "/a.tar", archive);
        var other = Directory.CreateDirectory(_folder + "/other").FullName;
        FileAgent.Run("tar", "--warning=no-timestamp", "-xpf", _folder + "/a.tar", "-C", other);
        Assert.Equal(Snapshot(tree), Snapshot(other + "/tree"));
    }

    [Theory]
    [InlineData("gnu")]
    [InlineData("pax")]
    [InlineData("ustar")]
    [InlineData("v7")]
    [InlineData("oldgnu")]
    public async Task What_tar_writes_is_taken(string format)
    {
        var tree = Directory.CreateDirectory(_folder + "/tree").FullName;
        MakeTree(tree);
        List<string> arguments = ["-C", _folder, $"--format={format}", "-cf", _folder + "/a.tar", "--sort=name", "tree"];
        if (format is "v7" or "ustar")
        {
            // They have no room for these.
            foreach (var name in Directory.EnumerateFileSystemEntries(tree, "*", SearchOption.AllDirectories).Where(path => Encoding.UTF8.GetByteCount(Path.GetRelativePath(_folder, path)) > 98 || new FileInfo(path).LinkTarget?.Length > 98).Reverse().ToArray())
                FileAgent.Run("rm", "-rf", name);
        }

        FileAgent.Run("tar", [.. arguments]);
        var expected = Snapshot(tree);
        Directory.Move(tree, _folder + "/moved");
        await PutAsync(new ByteArrayContent(await System.IO.File.ReadAllBytesAsync(_folder + "/a.tar")));
        Assert.Equal(expected, Snapshot(tree));
    }

    [Theory]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Pax)]
    public async Task What_dotnet_writes_is_taken_and_what_the_agent_writes_is_read(TarEntryFormat format)
    {
        // System.Formats.Tar itself stumbles over line feeds in pax names.
        string[] names = [.. s_names.Where(name => !name.Contains('\n'))];
        var archive = Archive(format, [.. names.Select(name => format == TarEntryFormat.Gnu ? (TarEntry)File(name, name) : new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(name)) })]);
        var target = Directory.CreateDirectory(_folder + "/in").FullName;
        await PutAsync(new ByteArrayContent(archive), target);
        foreach (var name in names)
            Assert.Equal(name, await System.IO.File.ReadAllTextAsync(Path.Combine(target, name)));

        await using var stream = await agent.Http.GetStreamAsync(Url(target));
        await using var reader = new TarReader(stream);
        var found = new Dictionary<string, string>();
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile)
                found.Add(entry.Name, await new StreamReader(entry.DataStream ?? Stream.Null).ReadToEndAsync());
        }

        Assert.Equal(names.Order(StringComparer.Ordinal), found.Values.Order(StringComparer.Ordinal));
        Assert.All(found, pair => Assert.Equal("in/" + pair.Value, pair.Key));
    }

    [Fact]
    public async Task Names_that_are_no_text_survive()
    {
        var tree = Directory.CreateDirectory(_folder + "/tree").FullName;
        FileAgent.Run("bash", "-c", $"cd '{tree}' && printf x > $'\\xff\\xfe' && mkdir $'\\xc3\\x28' && printf y > $'\\xc3\\x28/\\x80'");
        var archive = await agent.Http.GetByteArrayAsync(Url(tree));
        Directory.CreateDirectory(_folder + "/copy");
        await PutAsync(new ByteArrayContent(archive), _folder + "/copy");
        FileAgent.Run("diff", "-r", tree, _folder + "/copy/tree");
    }

    [Fact]
    public async Task A_single_file_or_link_is_an_archive_of_one()
    {
        System.IO.File.WriteAllText(_folder + "/one", "1");
        System.IO.File.CreateSymbolicLink(_folder + "/link", "one");
        async Task<TarEntry> OnlyEntryAsync(string name)
        {
            using var reader = new TarReader(new MemoryStream(await agent.Http.GetByteArrayAsync(Url(_folder + "/" + name))));
            var entry = reader.GetNextEntry(copyData: true)!;
            Assert.Null(reader.GetNextEntry());
            return entry;
        }

        Assert.Equal(("one", TarEntryType.RegularFile, 1L), (await OnlyEntryAsync("one") is var file ? (file.Name, file.EntryType, file.Length) : default));
        Assert.Equal(("link", TarEntryType.SymbolicLink, "one"), (await OnlyEntryAsync("link") is var link ? (link.Name, link.EntryType, link.LinkName) : default));
    }

    [Fact]
    public async Task What_is_no_file_is_named_and_a_socket_left_out()
    {
        FileAgent.Run("mkfifo", _folder + "/pipe");
        using var socket = new System.Net.Sockets.Socket(System.Net.Sockets.AddressFamily.Unix, System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Unspecified);
        socket.Bind(new System.Net.Sockets.UnixDomainSocketEndPoint(_folder + "/socket"));
        using var reader = new TarReader(new MemoryStream(await agent.Http.GetByteArrayAsync(Url(_folder))));
        var found = new List<(TarEntryType, string)>();
        while (reader.GetNextEntry() is { } entry)
            found.Add((entry.EntryType, entry.Name));

        Assert.Equal([(TarEntryType.Directory, Path.GetFileName(_folder) + "/"), (TarEntryType.Fifo, Path.GetFileName(_folder) + "/pipe")], found);
    }

    [Theory]
    [InlineData("/none-here", ConnectCode.NotFound)]
    [InlineData("/etc/hostname/x", ConnectCode.NotFound)]
    [InlineData("/", ConnectCode.InvalidArgument)]
    [InlineData("/proc", ConnectCode.InvalidArgument)]
    [InlineData("/sys/kernel", ConnectCode.InvalidArgument)]
    [InlineData("/tmp/..", ConnectCode.InvalidArgument)]
    public async Task What_cannot_be_copied_is_told(string path, ConnectCode code) => Assert.Equal(code, (await FailureAsync(await agent.Http.GetAsync(Url(path)))).Code);

    [Fact]
    public async Task What_cannot_be_read_is_told_before_anything_comes()
    {
        Assert.SkipUnless(FileAgent.CanBeNobody, "needs root and setpriv");
        using var nobody = FileAgent.AsNobody();
        for (var i = 0; i < 200; i++)
            System.IO.File.WriteAllBytes(Path.Combine(nobody.Home, $"file{i}"), new byte[10_000]);

        var secret = Path.Combine(nobody.Home, "in", "secret");
        Directory.CreateDirectory(Path.GetDirectoryName(secret)!);
        System.IO.File.WriteAllText(secret, "");
        System.IO.File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        var failure = await FailureAsync(await nobody.Http.GetAsync(Url(nobody.Home)));
        Assert.Equal(ConnectCode.PermissionDenied, failure.Code);
        Assert.Contains(secret, failure.Message, StringComparison.Ordinal);

        System.IO.File.SetUnixFileMode(secret, (UnixFileMode)0x1A4);
        System.IO.File.SetUnixFileMode(Path.GetDirectoryName(secret)!, UnixFileMode.UserRead);
        failure = await FailureAsync(await nobody.Http.GetAsync(Url(nobody.Home)));
        Assert.Equal(ConnectCode.PermissionDenied, failure.Code);
        Assert.Contains(Path.GetDirectoryName(secret)!, failure.Message, StringComparison.Ordinal);

        using var content = new ByteArrayContent(Archive(TarEntryFormat.Gnu, File("x")));
        Assert.Equal(ConnectCode.PermissionDenied, (await FailureAsync(await nobody.Http.PutAsync(Url(Path.GetDirectoryName(secret)!), content))).Code);
    }

    [Fact]
    public async Task What_comes_belongs_to_the_user_and_changes_nobodys_identity()
    {
        Assert.SkipUnless(FileAgent.CanBeNobody, "needs root and setpriv");
        using var nobody = FileAgent.AsNobody();
        var file = File("program");
        (file.Mode, file.Uid, file.Gid) = ((UnixFileMode)0xFFF, 0, 0);
        var folder = Folder("folder");
        (folder.Mode, folder.Uid, folder.Gid) = ((UnixFileMode)0xFFF, 0, 0);
        using var content = new ByteArrayContent(Archive(TarEntryFormat.Gnu, folder, file));
        using var response = await nobody.Http.PutAsync(Url(nobody.Home), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal((UnixFileMode)0x1FF, System.IO.File.GetUnixFileMode(Path.Combine(nobody.Home, "program")));
        Assert.Equal((UnixFileMode)0x3FF, System.IO.File.GetUnixFileMode(Path.Combine(nobody.Home, "folder")));
        FileAgent.Run("bash", "-c", $"cd '{nobody.Home}' && [ \"$(stat -c %U:%G program folder | sort -u)\" = nobody:nogroup ]");
    }

    [Theory]
    [MemberData(nameof(HostileArchives.All), MemberType = typeof(HostileArchives))]
    public async Task Hostile_archives_are_refused(string what, byte[] archive, ConnectCode code)
    {
        var actual = await RefusedAsync(archive);
        Assert.True(code == actual, $"{what}: {actual} instead of {code}");
        Assert.False(System.IO.File.Exists("/tmp/flourisha-never"));
        Assert.False(System.IO.File.Exists(_folder + "/../flourisha-never"));
        Assert.True(await agent.IsAliveAsync());
    }

    [Fact]
    public async Task Links_that_were_there_before_are_not_written_through()
    {
        var outside = agent.NewFolder();
        System.IO.File.WriteAllText(outside + "/file", "kept");
        System.IO.File.CreateSymbolicLink(_folder + "/out", outside);
        System.IO.File.CreateSymbolicLink(_folder + "/link", outside + "/file");

        Assert.Equal(ConnectCode.InvalidArgument, await RefusedAsync(Archive(TarEntryFormat.Gnu, File("out/file", "bad"))));
        await PutAsync(new ByteArrayContent(Archive(TarEntryFormat.Gnu, File("link", "new"))));
        Assert.Equal(("kept", "new"), (System.IO.File.ReadAllText(outside + "/file"), System.IO.File.ReadAllText(_folder + "/link")));
        Assert.Null(new FileInfo(_folder + "/link").LinkTarget);

        // The folder itself may be named by a link: that is the caller's own choice.
        await PutAsync(new ByteArrayContent(Archive(TarEntryFormat.Gnu, File("more"))), _folder + "/out");
        Assert.True(System.IO.File.Exists(outside + "/more"));
    }

    [Fact]
    public async Task Files_are_replaced_and_not_written_into()
    {
        System.IO.File.WriteAllText(_folder + "/a", "old");
        FileAgent.Run("ln", _folder + "/a", _folder + "/twin");
        await PutAsync(new ByteArrayContent(Archive(TarEntryFormat.Gnu, File("a", "new"), Link("twin2", "a", TarEntryType.HardLink), Link("l", "x"), Link("l", "y"), Link("l/", "z"), File("./b//c/./d"), Folder("./"))));
        Assert.Equal(("new", "old", "new", "z"), (System.IO.File.ReadAllText(_folder + "/a"), System.IO.File.ReadAllText(_folder + "/twin"), System.IO.File.ReadAllText(_folder + "/twin2"), new FileInfo(_folder + "/l").LinkTarget!));
        Assert.Equal("content", System.IO.File.ReadAllText(_folder + "/b/c/d"));
    }

    [Theory]
    [InlineData(ConnectCode.NotFound, "/none")]
    [InlineData(ConnectCode.InvalidArgument, "/file")]
    public async Task It_takes_a_folder_to_unpack_into(ConnectCode code, string name)
    {
        System.IO.File.WriteAllText(_folder + "/file", "");
        var failure = await Assert.ThrowsAsync<ConnectException>(() => PutAsync(new ByteArrayContent(Archive(TarEntryFormat.Gnu, File("a"))), _folder + name));
        Assert.Equal(code, failure.Code);
    }

    [Fact]
    public async Task A_cut_archive_leaves_whole_files_only()
    {
        var archive = Archive(TarEntryFormat.Gnu, File("whole", new string('w', 3000)), File("half", new string('h', 3000)));
        foreach (var length in (int[])[archive.Length - 2048, 3584 + 700, 3584 + 512 + 2999, 3584 + 512 + 3001])
        {
            foreach (var name in Directory.GetFiles(_folder))
                System.IO.File.Delete(name);

            Assert.Equal(ConnectCode.InvalidArgument, await RefusedAsync(archive[..length]));
            Assert.Equal(length > 3584 + 512 + 3000 ? ["half", "whole"] : ["whole"], Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
        }
    }
}
