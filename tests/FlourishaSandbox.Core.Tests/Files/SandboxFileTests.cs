using System.Globalization;
using System.Runtime.Versioning;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>Copies through the agent.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class AgentFileTests(SharedSandbox shared) : SandboxFileTests(shared), IClassFixture<SharedSandbox>;

/// <summary>Copies through the engine, of a sandbox without an agent.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class EngineFileTests(BareSandbox bare) : SandboxFileTests(bare), IClassFixture<BareSandbox>;

/// <summary>What holds for a copy, whichever way it goes.</summary>
[Trait("Category", Engine.Category)]
[UnsupportedOSPlatform("windows")]
public abstract class SandboxFileTests(SharedSandbox shared) : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private SandboxHouse _house = null!;
    private Sandbox _sandbox = null!;
    private string _remote = "";

    public void Dispose()
    {
        GC.SuppressFinalize(this);
        _folder.Dispose();
    }

    /// <summary>A folder of the test's own in the sandbox.</summary>
    private async Task BeginAsync()
    {
        (_house, _sandbox) = await shared.GetAsync();
        _remote = "/tmp/" + Guid.NewGuid().ToString("N")[..10];
        await _house.ShellAsync(_sandbox, $"mkdir {_remote}");
    }

    private Task<IReadOnlyList<CopiedItem>> UploadAsync(string destination, params string[] sources) => UploadAsync(_sandbox, destination, sources);

    private Task<IReadOnlyList<CopiedItem>> UploadAsync(Sandbox sandbox, string destination, params string[] sources) =>
        _house.Manager.Files.UploadAsync(sandbox, [.. sources.Select(source => _folder[source])], destination, OperationObserver.None, Limits.Token);

    private Task<IReadOnlyList<CopiedItem>> DownloadAsync(string source, string destination) =>
        _house.Manager.Files.DownloadAsync(_sandbox, source, destination, OperationObserver.None, Limits.Token);

    /// <summary>What the folder in the sandbox holds, one line each.</summary>
    private async Task<string[]> RemoteAsync() => (await _house.ShellAsync(_sandbox, $"cd {_remote} && find . -mindepth 1 -printf '%y %P\\n' | sort")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    [Fact]
    public async Task A_file_goes_to_the_name_that_is_given()
    {
        await BeginAsync();
        _folder.Write("a", "first");
        var copied = Assert.Single(await UploadAsync(_remote + "/b", "a"));
        Assert.Equal((_folder["a"], _remote + "/b", 1L, 5L), (copied.Source, copied.Destination, copied.Files, copied.Bytes));
        Assert.Equal("first", await _house.ShellAsync(_sandbox, $"cat {_remote}/b"));

        // Over one that is there.
        _folder.Write("a", "second, and longer");
        await UploadAsync(_remote + "/b", "a");
        Assert.Equal("second, and longer", await _house.ShellAsync(_sandbox, $"cat {_remote}/b"));
        Assert.Equal(["f b"], await RemoteAsync());
    }

    [Fact]
    public async Task A_file_goes_into_a_folder_that_is_there_or_is_marked_as_one()
    {
        await BeginAsync();
        _folder.Write("a", "x");
        Assert.Equal(_remote + "/a", (await UploadAsync(_remote, "a"))[0].Destination);
        Assert.Equal(_remote + "/new/one/a", (await UploadAsync(_remote + "/new/one/", "a"))[0].Destination);
        await _house.ShellAsync(_sandbox, $"ln -s new {_remote}/link");
        Assert.Equal(_remote + "/link/a", (await UploadAsync(_remote + "/link", "a"))[0].Destination);
        Assert.Equal(["d new", "d new/one", "f a", "f new/a", "f new/one/a", "l link"], await RemoteAsync());
    }

    [Fact]
    public async Task A_folder_becomes_the_name_or_goes_into_what_is_there()
    {
        await BeginAsync();
        _folder.Write("app/x", "1");
        _folder.Write("app/sub/y", "2");
        Assert.Equal(2, (await UploadAsync(_remote + "/new", "app"))[0].Files);
        await UploadAsync(_remote + "/new", "app");
        Assert.Equal(["d new", "d new/app", "d new/app/sub", "d new/sub", "f new/app/sub/y", "f new/app/x", "f new/sub/y", "f new/x"], await RemoteAsync());
    }

    [Fact]
    public async Task Several_sources_make_the_destination_a_folder()
    {
        await BeginAsync();
        _folder.Write("a", "1");
        _folder.Write("b/c", "2");
        File.CreateSymbolicLink(_folder["l"], "a");
        var copied = await UploadAsync(_remote + "/all", "a", "b", "l");
        Assert.Equal([_remote + "/all/a", _remote + "/all/b", _remote + "/all/l"], copied.Select(item => item.Destination));
        Assert.Equal(["d all", "d all/b", "f all/a", "f all/b/c", "l all/l"], await RemoteAsync());
    }

    [Fact]
    public async Task A_relative_destination_begins_in_the_working_directory()
    {
        (_house, _) = await shared.GetAsync();
        var sandbox = await _house.CreateAsync(options => options with { WorkingDirectory = "/work" });
        _folder.Write("a", "x");
        Assert.Equal("/work/b/c", (await UploadAsync(sandbox, "b/c", "a"))[0].Destination);
        Assert.Equal("/work/a", (await UploadAsync(sandbox, ".", "a"))[0].Destination);
        Assert.Equal("./a ./b ./b/c 10000:10000", await _house.ShellAsync(sandbox, "echo $(find . -mindepth 1 | sort) $(stat -c %u:%g b)"));
        await _house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
    }

    [Theory]
    [InlineData("www-data", "33:33")]
    [InlineData("www-data:daemon", "33:1")]
    [InlineData("33", "33:33")]
    [InlineData("1234", "1234:0")]
    [InlineData("1234:5678", "1234:5678")]
    [InlineData("root", "0:0")]
    public async Task Everything_belongs_to_the_sandbox_s_user_missing_folders_too(string user, string owner)
    {
        (_house, _) = await shared.GetAsync();
        var sandbox = await _house.CreateAsync(options => options with { User = user });
        _folder.Write("a/b", "x");
        await UploadAsync(sandbox, "/srv/new/one/", "a");
        Assert.Equal(string.Join(' ', Enumerable.Repeat(owner, 4)), await _house.ShellAsync(sandbox, "echo $(stat -c %u:%g /srv/new /srv/new/one /srv/new/one/a /srv/new/one/a/b)"));
        Assert.Equal("0:0", await _house.ShellAsync(sandbox, "stat -c %u:%g /srv"));
        await _house.Manager.RemoveAsync(sandbox, OperationObserver.None, Limits.Token);
    }

    [Fact]
    public async Task What_is_in_the_way_is_said_so()
    {
        await BeginAsync();
        _folder.Write("a", "x");
        _folder.Write("d/e", "x");
        await _house.ShellAsync(_sandbox, $"cd {_remote} && echo kept > file && mkdir a && mkdir -p full/d/e");
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => UploadAsync(_remote, "nosuch"));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote + "/file/", "a"));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote + "/file/below/it", "a"));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote + "/file", "a", "d"));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote + "/file", "d")); // a folder over a file
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote, "a")); // a file over a folder
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => UploadAsync(_remote + "/full", "d")); // the same further down
        Assert.Equal("kept", await _house.ShellAsync(_sandbox, $"cat {_remote}/file"));
    }

    [Fact]
    public async Task Strange_names_go_in_and_out_as_they_are()
    {
        await BeginAsync();
        string[] names = ["with space", "new\nline", "-rf", "--help", "ünï 漢字 😀", "漢\n字", "tab\t", "'\"$HOME`id`", "*", @"back\slash", "%s%n", new string('l', 150), "a:b"];
        foreach (var name in names)
            _folder.Write("tree/" + name, name);
        await UploadAsync(_remote, "tree");
        var listed = await _house.Manager.Files.ListAsync(_sandbox, _remote + "/tree", recurse: false, Limits.Token);
        Assert.Equal(names.Order(StringComparer.Ordinal), listed.Select(item => item.Name).Order(StringComparer.Ordinal));

        var copied = Assert.Single(await DownloadAsync(_remote + "/tree", _folder["back"]));
        Assert.Equal((_folder["back"], (long)names.Length), (copied.Destination, copied.Files));
        Assert.Empty(copied.Refused);
        Assert.Equal(TreeSnapshot.Of(_folder["tree"]), TreeSnapshot.Of(_folder["back"]));

        // Each alone, named by itself.
        foreach (var name in names.Where(name => !name.Contains('*', StringComparison.Ordinal)))
        {
            await DownloadAsync(_remote + "/tree/" + name, _folder["single"]);
            Assert.Equal(name, await File.ReadAllTextAsync(_folder["single"], Limits.Token));
        }
    }

    [Fact]
    public async Task Two_thousand_small_files_come_back_equal()
    {
        await BeginAsync();
        var random = new Random(5);
        for (var i = 0; i < 2000; i++)
        {
            var path = _folder.Write($"tree/{i % 20}/{i % 7}/{i}", new string((char)('a' + (i % 26)), random.Next(0, 600)));
            File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddSeconds(random.Next()));
            File.SetUnixFileMode(path, (UnixFileMode)(i % 3 == 0 ? 0x1ED : i % 3 == 1 ? 0x1A4 : 0x180));
        }

        Assert.Equal(2000, (await UploadAsync(_remote + "/tree", "tree"))[0].Files);
        Assert.Equal(2000, (await DownloadAsync(_remote + "/tree", _folder["back"]))[0].Files);
        Assert.Equal(TreeSnapshot.Of(_folder["tree"]), TreeSnapshot.Of(_folder["back"]));
    }

    [Fact]
    public async Task A_download_goes_where_it_is_sent()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"cd {_remote} && mkdir -p d/e && echo 1 > d/a1 && echo 2 > d/a2 && echo 3 > d/b && echo 4 > d/e/a3");
        Assert.Equal(_folder["file"], (await DownloadAsync(_remote + "/d/b", _folder["file"]))[0].Destination);
        Directory.CreateDirectory(_folder["there"]);
        Assert.Equal(_folder["there/b"], (await DownloadAsync(_remote + "/d/b", _folder["there"]))[0].Destination);
        await DownloadAsync(_remote + "/d/b", _folder["made/here/"]);
        await DownloadAsync(_remote + "/d", _folder["made/d2"]);
        await DownloadAsync(_remote + "/d/", _folder["there"]);
        Assert.Equal(
            ["file", "made", "made/d2", "made/d2/a1", "made/d2/a2", "made/d2/b", "made/d2/e", "made/d2/e/a3", "made/here", "made/here/b", "there", "there/b", "there/d", "there/d/a1", "there/d/a2", "there/d/b", "there/d/e", "there/d/e/a3"],
            TreeSnapshot.Of(_folder.Path).Keys);
        Assert.Equal("3\n", await File.ReadAllTextAsync(_folder["made/here/b"], Limits.Token));
    }

    [Fact]
    public async Task Wildcards_choose_in_the_last_part()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"cd {_remote} && mkdir -p d/ax && touch d/a1 d/a2 d/b 'd/a [x]' d/A d/ax/inner");
        var copied = await DownloadAsync(_remote + "/d/a*", _folder["out"]);
        Assert.Equal(["a [x]", "a1", "a2", "ax"], copied.Select(item => SandboxPath.Name(item.Source)));
        Assert.Equal(["a [x]", "a1", "a2", "ax", "ax/inner"], TreeSnapshot.Of(_folder["out"]).Keys);
        Assert.Equal(2, (await DownloadAsync(_remote + "/d/a?", _folder["two"])).Count(item => item.Source.EndsWith('1') || item.Source.EndsWith('2')));
        Assert.Empty(await DownloadAsync(_remote + "/d/z*", _folder["none"]));
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => DownloadAsync(_remote + "/nosuch/*", _folder["none"]));
    }

    [Fact]
    public async Task What_is_not_there_or_in_the_way_is_said_so()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"cd {_remote} && mkdir d && touch d/f");
        _folder.Write("file", "kept");
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => DownloadAsync(_remote + "/nosuch", _folder["x"]));
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => DownloadAsync(_remote + "/d/f/below", _folder["x"]));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => DownloadAsync(_remote + "/d", _folder["file"]));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => DownloadAsync(_remote + "/d/*", _folder["file"]));
        await Failure.ExpectAsync(SandboxError.PathNotUsable, () => DownloadAsync(_remote + "/d", _folder["file/below"]));
        Assert.Equal("kept", await File.ReadAllTextAsync(_folder["file"], Limits.Token));
        Assert.Equal(["file"], TreeSnapshot.Of(_folder.Path).Keys);
    }

    [Fact]
    public async Task A_real_sandbox_that_wants_out_is_kept_in()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"cd {_remote} && mkdir -p d/deep && ln -s /etc/passwd d/abs && ln -s ../../.. d/up && ln -s deep d/in && ln -s .. d/deep/home && mkfifo d/pipe && echo x > d/good && ln d/good d/hard && chmod 4755 d/good");
        var copied = Assert.Single(await DownloadAsync(_remote + "/d", _folder["out"]));
        Assert.Equal(["d/abs", "d/pipe", "d/up"], copied.Refused.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.Equal(["deep", "deep/home", "good", "hard", "in"], TreeSnapshot.Of(_folder["out"]).Keys);
        Assert.Equal((UnixFileMode)0x1ED, File.GetUnixFileMode(_folder["out/good"]));
    }

    [Fact]
    public async Task A_find_that_lies_does_not_decide_where_a_copy_goes()
    {
        // Whoever may write to a folder of the PATH can do this.
        (_house, _) = await shared.GetAsync();
        _sandbox = await _house.CreateAsync(options => options with { User = "root", Environment = new Dictionary<string, string> { ["PATH"] = "/evil:/usr/bin:/bin" } });
        await _house.ShellAsync(_sandbox, @"mkdir -p /evil /srv/d && echo overwritten > /srv/neighbour && echo '#!/bin/sh' > /evil/find && echo 'printf ""d\0004096\0001.0\000755\000r\000r\000..\000\000""' >> /evil/find && chmod +x /evil/find");
        _folder.Write("home/neighbour", "mine");
        Directory.CreateDirectory(_folder["home/out"]);
        try
        {
            await DownloadAsync("/srv/d/*", _folder["home/out"]);
        }
        catch (SandboxException exception)
        {
            Assert.Equal(SandboxError.UnsafeEntry, exception.Error);
        }

        Assert.Equal("mine", await File.ReadAllTextAsync(_folder["home/neighbour"], Limits.Token));
        Assert.Equal(["home", "home/neighbour", "home/out"], TreeSnapshot.Of(_folder.Path).Keys);
        await _house.Manager.RemoveAsync(_sandbox, OperationObserver.None, Limits.Token);
    }

    [Fact]
    public async Task A_listing_tells_what_ls_would()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"cd {_remote} && mkdir -p sub/deep && printf 12345 > file && chmod 640 file && touch -d '2020-02-02 02:02:02 UTC' file && ln -s sub link && ln -s nowhere dangling && mkfifo pipe && touch sub/deep/x");
        var items = await _house.Manager.Files.ListAsync(_sandbox, _remote, recurse: false, Limits.Token);
        Assert.Equal(["dangling", "file", "link", "pipe", "sub"], items.Select(item => item.Name));
        var file = items[1];
        Assert.Equal((SandboxItemType.File, 5L, "10000", "10000", "-rw-r-----", _remote + "/file"), (file.Type, file.Size, file.Owner, file.Group, file.Mode, file.Path));
        Assert.Equal(new DateTimeOffset(2020, 2, 2, 2, 2, 2, TimeSpan.Zero), file.Modified);
        Assert.Equal((SandboxItemType.Link, "nowhere"), (items[0].Type, items[0].LinkTarget));
        Assert.Equal([SandboxItemType.Link, SandboxItemType.Other, SandboxItemType.Directory], items.Skip(2).Select(item => item.Type));

        var all = await _house.Manager.Files.ListAsync(_sandbox, _remote + "/", recurse: true, Limits.Token);
        Assert.Equal(["dangling", "file", "link", "pipe", "sub", "sub/deep", "sub/deep/x"], all.Select(item => item.Path[(_remote.Length + 1)..]));
        Assert.Equal(["deep", "x"], (await _house.Manager.Files.ListAsync(_sandbox, _remote + "/link", recurse: true, Limits.Token)).Select(item => item.Name)); // behind the link that was named
        Assert.Equal(["file"], (await _house.Manager.Files.ListAsync(_sandbox, _remote + "/file", recurse: true, Limits.Token)).Select(item => item.Name));
        Assert.Equal(["dangling", "file"], (await _house.Manager.Files.ListAsync(_sandbox, _remote + "/*i*", recurse: false, Limits.Token)).Select(item => item.Name).Where(name => name != "link" && name != "pipe"));
        Assert.Equal(3, (await _house.Manager.Files.ListAsync(_sandbox, _remote + "/s*", recurse: true, Limits.Token)).Count);
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => _house.Manager.Files.ListAsync(_sandbox, _remote + "/nosuch", recurse: false, Limits.Token));
        await Failure.ExpectAsync(SandboxError.PathNotFound, () => _house.Manager.Files.ListAsync(_sandbox, _remote + "/file/x", recurse: false, Limits.Token));
    }

    [Fact]
    public async Task A_folder_that_the_user_may_not_read_is_said_so()
    {
        await BeginAsync();
        await _house.ShellAsync(_sandbox, $"mkdir -m 000 {_remote}/secret");
        var failure = await Failure.ExpectAsync(SandboxError.PathNotUsable, () => _house.Manager.Files.ListAsync(_sandbox, _remote + "/secret", recurse: false, Limits.Token));
        Assert.Contains("permission denied", failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Sixty_four_megabytes_go_through_without_being_held()
    {
        await BeginAsync();
        var random = new Random(9);
        var content = new byte[1 << 20];
        using (var file = File.Create(_folder["large"]))
        {
            for (var i = 0; i < 64; i++)
            {
                random.NextBytes(content);
                file.Write(content);
            }
        }

        // What is in use at once, not what was ever allocated: the connection's own pieces come and go.
        GC.Collect();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var peak = 0L;
        using var stop = new CancellationTokenSource();
        var watching = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                peak = Math.Max(peak, GC.GetTotalMemory(forceFullCollection: true) - before);
                await Task.Delay(50);
            }
        });
        await UploadAsync(_remote + "/large", "large");
        await DownloadAsync(_remote + "/large", _folder["back"]);
        await stop.CancelAsync();
        await watching;

        Assert.Equal((await _house.ShellAsync(_sandbox, $"sha256sum < {_remote}/large")).Split(' ')[0].ToUpperInvariant(), Convert.ToHexString(await System.Security.Cryptography.SHA256.HashDataAsync(File.OpenRead(_folder["large"]), Limits.Token)));
        Assert.Equal(await File.ReadAllBytesAsync(_folder["large"], Limits.Token), await File.ReadAllBytesAsync(_folder["back"], Limits.Token));

        // Tests beside this one hold memory too: one keeps 50 MB of output.
        Assert.True(peak < 400 << 20, string.Create(CultureInfo.InvariantCulture, $"{peak >> 20} MiB were in use"));
    }
}
