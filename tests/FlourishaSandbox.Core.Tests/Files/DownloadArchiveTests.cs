using System.Formats.Tar;
using System.Runtime.Versioning;
using System.Text;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;
using static FlourishaSandbox.Core.Tests.Files.TestArchive;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>
/// A sandbox is hostile. Next to the destination lies a tree that must never change; every test holds it against its snapshot at the end.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class DownloadArchiveTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SortedDictionary<string, string> _before;

    public DownloadArchiveTests()
    {
        _folder.Write("secret/key", "private");
        _folder.Write("secret/deep/er/file", "private too");
        _folder.Write("x", "a neighbour");
        Directory.CreateDirectory(Home);
        _before = Neighbours();
    }

    private string Home => _folder["home"];

    private string Target => _folder["home/out"];

    public void Dispose()
    {
        Assert.Equal(_before, Neighbours());
        _folder.Dispose();
    }

    private SortedDictionary<string, string> Neighbours()
    {
        var snapshot = TreeSnapshot.Of(_folder.Path);
        foreach (var own in snapshot.Keys.Where(name => name == "home/out" || name.StartsWith("home/out/", StringComparison.Ordinal)).ToList())
            snapshot.Remove(own);
        return snapshot;
    }

    private IReadOnlyList<RefusedEntry> Extract(byte[] archive, string? target = null)
    {
        var extraction = new DownloadArchive(target ?? Target, new CopyProgress(OperationObserver.None, "test", total: null));
        extraction.ExtractAsync(new OneWayStream(archive), CancellationToken.None).GetAwaiter().GetResult();
        return extraction.Refused;
    }

    private IReadOnlyList<RefusedEntry> Extract(params IEnumerable<TarEntry> entries) => Extract(TestArchive.Write(entries));

    private string[] Contents() => !Directory.Exists(Target) ? [] : [.. TreeSnapshot.Of(Target).Keys];

    private static void Refused(IReadOnlyList<RefusedEntry> refused, params string[] names) => Assert.Equal(names, refused.Select(entry => entry.Name));

    [Fact]
    public void The_first_part_of_every_name_becomes_the_target()
    {
        Refused(Extract(Folder("app/"), File("app/a", "A"), Folder("app/b/"), File("app/b/c", "C"), File("./app/d", "D")));
        Assert.Equal(["a", "b", "b/c"], Contents().Take(3));
        Assert.Equal("C", System.IO.File.ReadAllText(Path.Combine(Target, "b/c")));
    }

    [Fact]
    public void A_single_file_becomes_the_target()
    {
        Refused(Extract(File("name", "text")));
        Assert.Equal("text", System.IO.File.ReadAllText(Target));
    }

    [Theory]
    [InlineData("../x")]
    [InlineData("app/../x")]
    [InlineData("app/../../x")]
    [InlineData("app/a/../../../x")]
    [InlineData("app/..")]
    [InlineData("..")]
    [InlineData("/x")]
    [InlineData("//app/x")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    public void Names_that_lead_out_are_refused_and_named(string name)
    {
        var refused = Extract(Folder("app/"), File(name), Folder(name), Link(name, "a"), HardLink(name, "app/good"), File("app/good"));
        Assert.Equal(4, refused.Count);
        Assert.All(refused, entry => Assert.Equal(name, entry.Name.TrimEnd('/').Length == 0 ? "/" : entry.Name));
        Assert.Equal(["good"], Contents());
    }

    [Fact]
    public void Names_that_only_look_bad_arrive()
    {
        string[] names = ["...", "..a", "a..", "-rf", "--", " ", "a b", "new\nline", "tab\t", "ünï 漢字 😀", "*", "?", "'\"", "$HOME", @"back\slash", "con", new string('n', 200)];
        Refused(Extract([Folder("app/"), .. names.Select(name => File("app/" + name, name))]));
        Assert.Equal(names.Order(StringComparer.Ordinal), Contents().Order(StringComparer.Ordinal));
        Assert.All(names, name => Assert.Equal(name, System.IO.File.ReadAllText(Target + "/" + name)));
    }

    [Theory]
    [InlineData("app/l", "/etc/passwd")]
    [InlineData("app/l", "/")]
    [InlineData("app/l", "..")]
    [InlineData("app/l", "../x")]
    [InlineData("app/l", "./../x")]
    [InlineData("app/l", "../home/out/a")] // inside by name, outside by the way that it takes
    [InlineData("app/a/l", "../../x")]
    [InlineData("app/a/l", "../../../x")]
    [InlineData("app/l", "a/../../x")]
    [InlineData("app/l", "a/..")]
    [InlineData("app/a/l", "../a/../../x")]
    [InlineData("app/l", "")]
    [InlineData("app", "..")]
    [InlineData("app", "../x")]
    [InlineData("app", "/x")]
    public void Links_that_lead_out_are_refused_and_named(string name, string target)
    {
        // A library would refuse to write an empty target, so it is written by hand.
        var link = target.Length > 0 ? TestArchive.Write(Link(name, target))[..^1024] : Header(name, '2');
        var refused = Extract([.. link, .. TestArchive.Write(File("app/good"))]);
        Refused(refused, name);
        Assert.Equal(["good"], Contents());
    }

    [Theory]
    [InlineData("app/l", "a")]
    [InlineData("app/l", "a/b")]
    [InlineData("app/l", "./a")]
    [InlineData("app/l", "nowhere")]
    [InlineData("app/a/l", "../a/b")]
    [InlineData("app/a/l", "..")]
    [InlineData("app/a/b/l", "../../a")]
    [InlineData("app/l", "...")]
    [InlineData("app/l", "..a")]
    [InlineData("app/l", "new\nline")]
    public void Links_that_stay_inside_arrive_as_they_are(string name, string target)
    {
        Refused(Extract(Folder("app/"), Link(name, target), Folder("app/a/")));
        Assert.Equal(target, new FileInfo(Target + name[3..]).LinkTarget);
    }

    [Fact]
    public void No_chain_of_links_leads_out()
    {
        Extract(
            Folder("app/"), Folder("app/a/"), Folder("app/a/b/"),
            Link("app/a/up", ".."),            // the target itself, which is inside
            Link("app/dot", "."),
            Link("app/one", "a/up"),
            Link("app/two", "one/../x"),       // '..' behind a link goes where the link goes
            Link("app/three", "dot/../x"),
            Link("app/a/four", "../one/../x"),
            Link("app/a/b/five", "../up/x"),
            Link("app/a/b/six", "../../one/up"),
            File("app/x", "inside"));
        foreach (var link in AllLinks())
        {
            var real = Real(link);
            Assert.True(real is null || real == Target || real.StartsWith(Target + "/", StringComparison.Ordinal), $"{link} leads to {real}");
        }
    }

    [Fact]
    public void Nothing_is_written_through_a_link_of_the_same_archive()
    {
        Extract(
            Folder("app/"), Folder("app/a/"), Folder("app/a/b/"),
            Link("app/a/b/up", ".."), File("app/a/b/up/through", "x"), Folder("app/a/b/up/folder/"), Link("app/a/b/up/link", "x"), HardLink("app/a/b/up/hard", "app/good"),
            File("app/good"));
        Assert.Null(new FileInfo(Path.Combine(Target, "a/through")).LinkTarget);
        Assert.False(System.IO.File.Exists(Path.Combine(Target, "a/through")));
        Assert.False(Directory.Exists(Path.Combine(Target, "a/folder")));
        Assert.True(System.IO.File.Exists(Path.Combine(Target, "good")));
    }

    [Fact]
    public void Nothing_is_written_through_a_link_that_an_earlier_copy_left()
    {
        Directory.CreateDirectory(Target);
        System.IO.File.CreateSymbolicLink(Path.Combine(Target, "l"), _folder["secret"]);
        System.IO.File.CreateSymbolicLink(Path.Combine(Target, "file"), _folder["secret/key"]);
        var refused = Extract(Folder("app/"), File("app/l/key", "mine now"), Folder("app/l/new/"), Folder("app/l/deep/er/"), HardLink("app/l/h", "app/l/key"), HardLink("app/stolen", "app/l/key"), HardLink("app/stolen2", "app/file"), File("app/good"));
        Refused(refused, "app/l/key", "app/l/new/", "app/l/deep/er/", "app/l/h", "app/stolen", "app/stolen2");
        Assert.Equal(["file", "good", "l"], Contents());
    }

    [Fact]
    public void A_link_in_a_file_s_place_is_replaced_and_not_followed()
    {
        Directory.CreateDirectory(Target);
        System.IO.File.CreateSymbolicLink(Path.Combine(Target, "key"), _folder["secret/key"]);
        System.IO.File.CreateSymbolicLink(Path.Combine(Target, "dir"), _folder["secret"]);
        Refused(Extract(Folder("app/"), File("app/key", "new"), File("app/dir", "new")));
        Assert.Null(new FileInfo(Path.Combine(Target, "key")).LinkTarget);
        Assert.Equal("new", System.IO.File.ReadAllText(Path.Combine(Target, "dir")));
    }

    [Theory]
    [InlineData("secret")]
    [InlineData("secret/nosuch")]
    public void Nothing_is_written_through_the_target_itself(string leadsTo)
    {
        System.IO.File.CreateSymbolicLink(Target, _folder[leadsTo]);
        Assert.NotEmpty(Extract(Folder("app/"), File("app/key", "mine now"), Folder("app/deep/"), File("app/deep/new")));
        Assert.Equal(_folder[leadsTo], new FileInfo(Target).LinkTarget);
        Assert.False(Directory.Exists(_folder["secret/nosuch"]));
    }

    [Fact]
    public void A_file_takes_the_place_of_a_link_at_the_target()
    {
        System.IO.File.CreateSymbolicLink(Target, _folder["secret/key"]);
        Refused(Extract(File("name", "new")));
        Assert.Equal((null, "new"), (new FileInfo(Target).LinkTarget, System.IO.File.ReadAllText(Target)));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../secret/key")]
    [InlineData("app/../../secret/key")]
    [InlineData("app/nosuch")]
    [InlineData("app/later")]
    [InlineData("app/a")]
    [InlineData("app")]
    [InlineData("app/ln")]
    public void Hard_links_to_what_is_no_file_of_the_copy_are_refused(string target)
    {
        Refused(Extract(Folder("app/"), Folder("app/a/"), Link("app/ln", "later"), HardLink("app/h", target), File("app/later")), "app/h");
        Assert.False(System.IO.File.Exists(Path.Combine(Target, "h")));
    }

    [Fact]
    public void Hard_links_inside_arrive_as_files_of_their_own()
    {
        Refused(Extract(Folder("app/"), File("app/a", "text"), HardLink("app/h", "app/a"), HardLink("app/a", "app/a")));
        Assert.Equal("text", System.IO.File.ReadAllText(Path.Combine(Target, "h")));
        System.IO.File.WriteAllText(Path.Combine(Target, "h"), "changed");
        Assert.Equal("text", System.IO.File.ReadAllText(Path.Combine(Target, "a")));
    }

    [Theory]
    [InlineData(TarEntryType.BlockDevice, "device")]
    [InlineData(TarEntryType.CharacterDevice, "device")]
    [InlineData(TarEntryType.Fifo, "pipe")]
    public void What_is_no_file_is_refused_with_what_it_is(TarEntryType type, string word)
    {
        var refused = Extract(Folder("app/"), Special(type, "app/special"), File("app/good"));
        Refused(refused, "app/special");
        Assert.Contains(word, refused[0].ToString(), StringComparison.Ordinal);
        Assert.Equal(["good"], Contents());
    }

    [Fact]
    public void Entries_of_no_known_type_are_refused_and_the_rest_arrives()
    {
        byte[] archive = [.. Header("app/odd", 'Z'), .. Header("app/sparse", 'S'), .. TestArchive.Write(File("app/good"))];
        Refused(Extract(archive), "app/odd", "app/sparse");
        Assert.Equal(["good"], Contents());
    }

    [Fact]
    public void Of_two_files_of_one_name_the_later_one_counts()
    {
        Refused(Extract(Folder("app/"), File("app/a", "first"), File("app/a", "second"), Folder("app/")));
        Assert.Equal("second", System.IO.File.ReadAllText(Path.Combine(Target, "a")));
    }

    [Fact]
    public void A_file_does_not_take_a_folder_s_place()
    {
        Refused(Extract(Folder("app/"), Folder("app/a/"), File("app/a/kept"), File("app/a"), Link("app/a", "b"), HardLink("app/a", "app/a/kept")), "app/a", "app/a", "app/a");
        Assert.Equal(["a", "a/kept"], Contents());
    }

    [Fact]
    public void A_folder_does_not_take_a_file_s_place()
    {
        var failure = Failure.Expect(SandboxError.PathNotUsable, () => Extract(Folder("app/"), File("app/a", "kept"), Folder("app/a/"), File("app/a/b")));
        Assert.Contains(Path.Combine(Target, "a"), failure.Message, StringComparison.Ordinal);
        Assert.Equal("kept", System.IO.File.ReadAllText(Path.Combine(Target, "a")));
    }

    [Fact]
    public void Bits_that_lend_rights_are_dropped()
    {
        const UnixFileMode Lending = UnixFileMode.SetUser | UnixFileMode.SetGroup | UnixFileMode.StickyBit;
        const UnixFileMode All = (UnixFileMode)0x1ED;
        Extract(Folder("app/", All | Lending), File("app/su", "x", All | Lending));
        Assert.Equal(All, System.IO.File.GetUnixFileMode(Path.Combine(Target, "su")));
        Assert.Equal(All, System.IO.File.GetUnixFileMode(Target));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_is_filled_and_can_be_removed()
    {
        Extract(Folder("app/", UnixFileMode.None), Folder("app/a/", UnixFileMode.UserRead), File("app/a/f", "x", UnixFileMode.UserRead), Folder("app/a/b/", UnixFileMode.None), File("app/a/b/g"));
        Assert.Equal(["a", "a/b", "a/b/g", "a/f"], Contents());
        Assert.Equal(UnixFileMode.UserRead, System.IO.File.GetUnixFileMode(Path.Combine(Target, "a/f")));
        Assert.All(new[] { Target, Path.Combine(Target, "a"), Path.Combine(Target, "a/b") }, folder =>
            Assert.True(System.IO.File.GetUnixFileMode(folder).HasFlag(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1_000_000_000)]
    [InlineData(4_000_000_000)]
    public void Times_of_any_century_arrive(long seconds)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds);
        var file = new PaxTarEntry(TarEntryType.RegularFile, "app/f") { ModificationTime = time, DataStream = new MemoryStream([1]) };
        Extract(Folder("app/"), file);
        Assert.Equal(time.UtcDateTime, System.IO.File.GetLastWriteTimeUtc(Path.Combine(Target, "f")));
    }

    [Fact]
    public void A_time_that_no_calendar_holds_becomes_the_last_that_one_does()
    {
        // 11 bytes of a binary number, as GNU tar writes what does not fit.
        var header = Header("app/f", '0', time: "");
        byte[] time = [0x80, 0, 0, 0, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
        time.CopyTo(header, 136);
        FixChecksum(header);
        Extract([.. TestArchive.Write(Folder("app/"))[..^1024], .. header, .. End]);
        Assert.True(System.IO.File.GetLastWriteTimeUtc(Path.Combine(Target, "f")).Year > 2100);
    }

    [Fact]
    public void A_truncated_archive_leaves_no_half_file()
    {
        var contents = new Dictionary<string, string> { ["a"] = new string('a', 700), ["b/c"] = new string('c', 512), ["d"] = new string('d', 1500) };
        var archive = TestArchive.Write(Folder("app/"), File("app/a", contents["a"]), Folder("app/b/"), File("app/b/c", contents["b/c"]), Link("app/l", "a"), File("app/d", contents["d"]));
        for (var length = 0; length < archive.Length; length += 512)
        {
            try
            {
                Extract(archive[..length]);
            }
            catch (SandboxException exception)
            {
                Assert.Equal(SandboxError.UnsafeEntry, exception.Error);
            }

            foreach (var (name, content) in contents.Where(file => System.IO.File.Exists(Path.Combine(Target, file.Key))))
                Assert.True(content == System.IO.File.ReadAllText(Path.Combine(Target, name)), $"{name} is half there after {length} bytes");
            if (Directory.Exists(Target))
                Directory.Delete(Target, recursive: true);
        }
    }

    [Fact]
    public void An_archive_cut_in_the_middle_of_a_file_says_so()
    {
        var archive = TestArchive.Write(Folder("app/"), File("app/a", new string('a', 5000)));
        var start = IndexOf(archive, "aaaa");
        var failure = Failure.Expect(SandboxError.UnsafeEntry, () => Extract(archive[..(start + 2000)]));
        Assert.Contains("no whole archive", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Contents());
    }

    [Fact]
    public void An_archive_that_ends_between_two_entries_is_not_taken_for_a_whole_one()
    {
        // A tar stream ends with two empty blocks. One without is cut off, and what followed is missing.
        var archive = TestArchive.Write(Folder("app/"), File("app/a"))[..^1024];
        Failure.Expect(SandboxError.UnsafeEntry, () => Extract(archive));
    }

    [Fact]
    public void Garbage_fails_by_name_and_writes_nothing()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var garbage = new byte[random.Next(1, 4000)];
            random.NextBytes(garbage);
            Failure.Expect(SandboxError.UnsafeEntry, () => Extract(garbage));
        }

        Assert.Empty(Contents());
    }

    [Theory]
    [InlineData('0', "00000003000")]
    [InlineData('0', "77777777777")] // 8 GiB that never come
    [InlineData('L', "77777777777")] // a name of 8 GiB
    [InlineData('x', "77777777777")]
    [InlineData('g', "77777777777")]
    [InlineData('L', "17777777777")] // of 2 GiB
    [InlineData('x', "17777777777")]
    [InlineData('0', "-0000000001")]
    [InlineData('0', "zzzzzzzzzzz")]
    [InlineData('1', "00000001000")]
    public void Sizes_that_lie_fail_by_name_or_are_refused(char type, string size)
    {
        byte[] archive = [.. Header("app/a", type, size, linkName: "app/b"), .. End];
        try
        {
            Assert.NotEmpty(Extract(archive));
        }
        catch (SandboxException exception)
        {
            Assert.Equal(SandboxError.UnsafeEntry, exception.Error);
        }

        Assert.Empty(Contents());
    }

    [Fact]
    public void Whatever_bits_of_an_archive_flip_nothing_outside_changes_and_failures_have_a_name()
    {
        var good = TestArchive.Write(Folder("app/"), File("app/a", "text"), Folder("app/b/"), Link("app/b/l", "../a"), HardLink("app/h", "app/a"), File("app/b/" + new string('n', 120), "x"));
        var random = new Random(4711);
        for (var round = 0; round < 500; round++)
        {
            var bad = good.ToArray();
            for (var flips = random.Next(1, 4); flips > 0; flips--)
                bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            for (var header = 0; header + 512 <= bad.Length && random.Next(2) == 0; header += 512)
                FixChecksum(bad.AsSpan(header, 512));
            try
            {
                Extract(bad);
            }
            catch (SandboxException exception)
            {
                Assert.Contains(exception.Error, new[] { SandboxError.UnsafeEntry, SandboxError.PathNotUsable });
            }

            Clear();
        }

        Assert.Equal(_before, Neighbours());
    }

    [Fact]
    public void Whatever_a_sandbox_makes_up_nothing_outside_changes()
    {
        string[] parts = ["a", "b", "l", "m", "..", ".", "", "x", "secret", "key", "home", "out"];
        var random = new Random(1234);
        string Any(int most) => string.Join('/', Enumerable.Range(0, random.Next(1, most + 1)).Select(_ => parts[random.Next(parts.Length)]));
        string Name() => (random.Next(10) == 0 ? Any(4) : "app/" + Any(3)) is { Length: > 0 } name ? name : "app";
        for (var round = 0; round < 300; round++)
        {
            var entries = Enumerable.Range(0, random.Next(2, 14)).Select(_ => random.Next(6) switch
            {
                0 => Folder(Name()),
                1 or 2 => File(Name(), "evil"),
                3 => HardLink(Name(), random.Next(2) == 0 ? Name() : "/" + Any(3)),
                _ => Link(Name(), random.Next(6) == 0 ? "/" + Any(3) : Any(5) is { Length: > 0 } target ? target : "."),
            });
            try
            {
                Extract(TestArchive.Write(entries));
            }
            catch (SandboxException exception)
            {
                Assert.Equal(SandboxError.PathNotUsable, exception.Error); // a folder in a file's place
            }

            foreach (var link in AllLinks())
            {
                var real = Real(link);
                Assert.True(real is null || real == Target || real.StartsWith(Target + "/", StringComparison.Ordinal), $"round {round}: {link} leads to {real}");
            }

            // Every other time what one copy left is there for the next.
            if (round % 2 == 0)
                Clear();
        }

        Assert.Equal(_before, Neighbours());
    }

    private List<string> AllLinks() => new DirectoryInfo(Target) is { Exists: true, LinkTarget: null } target
        ? TreeSnapshot.Items(target).Where(item => item.LinkTarget is not null).Select(item => item.FullName).ToList()
        : [];

    private void Clear()
    {
        if (new DirectoryInfo(Target) is { Exists: true, LinkTarget: null })
            Directory.Delete(Target, recursive: true);
        else
            System.IO.File.Delete(Target);
    }

    /// <summary>Where the kernel ends up that follows a link; null where it ends nowhere.</summary>
    private static string? Real(string path, int depth = 0)
    {
        if (depth > 40)
            return null;
        var real = "/";
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
                real = Path.GetDirectoryName(real) ?? "/";
            else if (part != ".")
            {
                var next = Path.Combine(real, part);
                if (new FileInfo(next).LinkTarget is { } target)
                {
                    if (Real(target.StartsWith('/') ? target : real + "/" + target, depth + 1) is not { } followed)
                        return null;
                    next = followed;
                }

                real = next;
            }
        }

        return real;
    }

    private static int IndexOf(byte[] bytes, string text) => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));

    private static void FixChecksum(Span<byte> header)
    {
        "        "u8.CopyTo(header[148..]);
        var sum = 0;
        foreach (var one in header)
            sum += one;
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(header[148..]);
    }

    /// <summary>As a connection is: it cannot be sought, and gives what it likes.</summary>
    private sealed class OneWayStream(byte[] data) : MemoryStream(data)
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, 300)], cancellationToken);
    }
}
