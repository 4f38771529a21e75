using System.Formats.Tar;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Http;

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

    private static byte[] Archive(TarEntryFormat format, params TarEntry[] entries)
    {
        using var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, format, leaveOpen: true))
        {
            foreach (var entry in entries)
                tar.WriteEntry(entry);
        }

        return stream.ToArray();
    }

    private static GnuTarEntry File(string name, string content = "content") => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };

    private static GnuTarEntry Link(string name, string target, TarEntryType type = TarEntryType.SymbolicLink) => new(type, name) { LinkName = target };

    private static GnuTarEntry Folder(string name) => new(TarEntryType.Directory, name) { Mode = (UnixFileMode)0x1ED };

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
        FileAgent.Run("tar", "-xpf", _folder + "/a.tar", "-C", other);
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
    public async Task What_is_no_file_is_named_so_that_whoever_takes_it_can_say_what_was_left_out()
    {
        FileAgent.Run("mkfifo", _folder + "/pipe");
        System.IO.File.WriteAllText(_folder + "/file", "");
        using var reader = new TarReader(new MemoryStream(await agent.Http.GetByteArrayAsync(Url(_folder))));
        var names = new List<string>();
        while (reader.GetNextEntry() is { } entry)
            names.Add($"{entry.Name} {entry.EntryType}");

        var name = Path.GetFileName(_folder);
        Assert.Equal([$"{name}/ Directory", $"{name}/file RegularFile", $"{name}/pipe Fifo"], names.Order(StringComparer.Ordinal));
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

    public static TheoryData<string, byte[], ConnectCode> HostileArchives()
    {
        byte[] Gnu(params TarEntry[] entries) => Archive(TarEntryFormat.Gnu, entries);
        byte[] Patched(byte[] archive, int at, byte value)
        {
            archive[at] = value;
            return archive;
        }

        byte[] Retyped(char type)
        {
            var archive = Gnu(File("x"));
            archive[156] = (byte)type;
            var sum = 8 * ' ' + archive.AsSpan(0, 148).ToArray().Sum(one => one) + archive.AsSpan(156, 356).ToArray().Sum(one => one);
            Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0')).CopyTo(archive, 148);
            return archive;
        }

        return new TheoryData<string, byte[], ConnectCode>
        {
            { "absolute", Gnu(File("/tmp/flourisha-never")), ConnectCode.InvalidArgument },
            { "up", Gnu(File("../flourisha-never")), ConnectCode.InvalidArgument },
            { "up within", Gnu(Folder("a"), File("a/../../flourisha-never")), ConnectCode.InvalidArgument },
            { "up at the end", Gnu(Folder("a/..")), ConnectCode.InvalidArgument },
            { "up through a long name", Gnu(File(new string('a', 120) + "/../../flourisha-never")), ConnectCode.InvalidArgument },
            { "through a link", Gnu(Link("out", "/tmp"), File("out/flourisha-never")), ConnectCode.InvalidArgument },
            { "through a link within", Gnu(Folder("a"), Link("b", "a"), File("b/x")), ConnectCode.InvalidArgument },
            { "a folder over a link", Gnu(Link("out", "/tmp"), Folder("out")), ConnectCode.InvalidArgument },
            { "a hard link up", Gnu(Link("x", "../../etc/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link to an absolute path", Gnu(Link("x", "/etc/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link through a link", Gnu(Link("out", "/etc"), Link("x", "out/passwd", TarEntryType.HardLink)), ConnectCode.InvalidArgument },
            { "a hard link to nothing", Gnu(Link("x", "none", TarEntryType.HardLink)), ConnectCode.NotFound },
            { "a pipe", Gnu(new GnuTarEntry(TarEntryType.Fifo, "x")), ConnectCode.InvalidArgument },
            { "a device", Gnu(new GnuTarEntry(TarEntryType.CharacterDevice, "x")), ConnectCode.InvalidArgument },
            { "a sparse file", Retyped('S'), ConnectCode.InvalidArgument },
            { "a volume", Retyped('M'), ConnectCode.InvalidArgument },
            { "a file that is the folder itself", Gnu(File(".")), ConnectCode.InvalidArgument },
            { "a file over a folder", Gnu(Folder("a"), File("a")), ConnectCode.FailedPrecondition },
            { "a link over a folder", Gnu(Folder("a"), Link("a", "b")), ConnectCode.FailedPrecondition },
            { "a folder over a file", Gnu(File("a"), Folder("a")), ConnectCode.FailedPrecondition },
            { "a file below a file", Gnu(File("a"), File("a/b")), ConnectCode.FailedPrecondition },
            { "a name of 256 bytes", Gnu(File(new string('x', 256))), ConnectCode.InvalidArgument },
            { "300 folders deep", Gnu(File(string.Concat(Enumerable.Repeat("d/", 300)) + "x")), ConnectCode.InvalidArgument },
            { "a wrong sum", Patched(Gnu(File("x")), 5, 7), ConnectCode.InvalidArgument },
            { "no archive", Encoding.ASCII.GetBytes(new string('x', 2000)), ConnectCode.InvalidArgument },
            { "nothing", [], ConnectCode.InvalidArgument },
            { "half a header", Gnu(File("x"))[..300], ConnectCode.InvalidArgument },
            { "no end", Gnu(File("x"))[..1024], ConnectCode.InvalidArgument },
            { "a NUL in a pax name", PaxArchive("path", "a\0b"), ConnectCode.InvalidArgument },
            { "an absolute pax name", PaxArchive("path", "/tmp/flourisha-never"), ConnectCode.InvalidArgument },
            { "a pax size below nothing", PaxArchive("size", "-5"), ConnectCode.InvalidArgument },
            { "a pax size beyond all", PaxArchive("size", "9223372036854775807"), ConnectCode.InvalidArgument },
            { "a pax time that is none", PaxArchive("mtime", "noon"), ConnectCode.InvalidArgument },
            { "sparse by pax", PaxArchive("GNU.sparse.major", "1"), ConnectCode.InvalidArgument },
            { "a record too long", RawPaxArchive("99 path=x\n"), ConnectCode.InvalidArgument },
            { "a record without an end", RawPaxArchive("9 path=xy"), ConnectCode.InvalidArgument },
        };
    }

    private static byte[] PaxArchive(string key, string value)
    {
        var body = $" {key}={value}\n";
        var length = Encoding.UTF8.GetByteCount(body) + 2;
        return RawPaxArchive($"{(length > 99 ? length + 1 : length)}{body}");
    }

    private static byte[] RawPaxArchive(string records)
    {
        var head = Archive(TarEntryFormat.Ustar, new UstarTarEntry(TarEntryType.RegularFile, "records") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(records)) });
        head[156] = (byte)'x';
        head.AsSpan(148, 8).Fill((byte)' ');
        var sum = head.AsSpan(0, 512).ToArray().Sum(one => one);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(head, 148);
        return [.. head.AsSpan(0, 1024), .. Archive(TarEntryFormat.Ustar, new UstarTarEntry(TarEntryType.RegularFile, "file") { DataStream = new MemoryStream([1, 2, 3]) })];
    }

    [Theory]
    [MemberData(nameof(HostileArchives))]
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

    [Fact]
    public async Task Random_damage_never_harms_the_agent_or_what_is_outside()
    {
        var random = new Random(20260101);
        var before = Directory.GetFileSystemEntries(agent.Home).Length;
        var whole = Archive(TarEntryFormat.Pax, File("a/b/c", "text"), Folder("d"), Link("d/l", "../a"), File(new string('n', 150), "x"), Link("h", "a/b/c", TarEntryType.HardLink),
            new PaxTarEntry(TarEntryType.RegularFile, "pax " + new string('p', 120)) { DataStream = new MemoryStream(new byte[700]) });
        string[] pieces = ["../", "/", "..", "a/../../x", "\0", "99999999999", "-1", "path=/etc/x", "linkpath=../..", "7777777"];
        for (var round = 0; round < 1000; round++)
        {
            var archive = whole.ToArray();
            for (var changes = random.Next(1, 6); changes > 0; changes--)
            {
                var at = random.Next(archive.Length);
                var piece = random.Next(3) == 0 ? Encoding.ASCII.GetBytes(pieces[random.Next(pieces.Length)]) : [(byte)random.Next(256)];
                piece.AsSpan(0, Math.Min(piece.Length, archive.Length - at)).CopyTo(archive.AsSpan(at));
            }

            // Without a sum that fits, nothing but the sum would ever be looked at.
            if (random.Next(4) > 0)
                RepairSums(archive);

            var target = Directory.CreateDirectory(_folder + "/fuzz").FullName;
            using var content = new ByteArrayContent(archive[..random.Next(archive.Length / 2, archive.Length + 1)]);
            using var response = await agent.Http.PutAsync(Url(target), content);
            Assert.True((int)response.StatusCode is 200 or (>= 400 and < 500), $"round {round}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            if (round % 20 == 0)
                FileAgent.Run("rm", "-rf", target);
        }

        Assert.True(await agent.IsAliveAsync());
        Assert.Equal(before, Directory.GetFileSystemEntries(agent.Home).Length);
    }

    private static void RepairSums(byte[] archive)
    {
        for (var at = 0; at + 512 <= archive.Length; at += 512)
        {
            var block = archive.AsSpan(at, 512);
            if (block.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                block.Slice(148, 8).Fill((byte)' ');
                Encoding.ASCII.GetBytes(Convert.ToString(block.ToArray().Sum(one => one), 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
            }
        }
    }
}
