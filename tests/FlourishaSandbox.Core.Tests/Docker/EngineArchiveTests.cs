using System.Formats.Tar;
using System.Security.Cryptography;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

[Trait("Category", Engine.Category)]
public sealed class EngineArchiveTests
{
    public static TheoryData<string> Names => ["plain", "with space", "new\nline", "ünïcödé 文字", "-rf", "a'b\"c$d`e", "q?x=1&y#z%2F", new string('n', 200)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_file_comes_back_as_it_went_whatever_its_name(string name)
    {
        await using var container = await TestContainer.StartAsync();
        var content = RandomNumberGenerator.GetBytes(100_000);
        var changed = new DateTimeOffset(2020, 2, 29, 12, 34, 56, TimeSpan.Zero);
        await PutAsync(container, "/tmp", ownedByContainerUser: false, new PaxTarEntry(TarEntryType.RegularFile, name)
        {
            Mode = (UnixFileMode)0b110_100_000,
            Uid = 1234,
            Gid = 5678,
            ModificationTime = changed,
            DataStream = new MemoryStream(content),
        });
        Assert.Equal("1234 5678 640\n", await container.ReadAsync("stat", "-c", "%u %g %a", "--", "/tmp/" + name));

        var stat = await container.Client.Containers.StatPathAsync(container.Id, "/tmp/" + name, Limits.Token);
        Assert.NotNull(stat);
        Assert.Equal((name, 100_000, false, false, (UnixFileMode)0b110_100_000), (stat.Name, stat.Size, stat.IsDirectory, stat.IsSymbolicLink, stat.Permissions));
        Assert.Equal(changed, stat.ModifiedAt);

        var (archiveStat, tar) = await container.Client.Containers.GetArchiveAsync(container.Id, "/tmp/" + name, Limits.Token);
        await using (tar)
        {
            Assert.Equal(stat, archiveStat);
            await using var reader = new TarReader(tar);
            var entry = await reader.GetNextEntryAsync(copyData: false, Limits.Token);
            Assert.Equal((name, 1234, 5678), (entry!.Name, entry.Uid, entry.Gid));
            var back = new MemoryStream();
            await entry.DataStream!.CopyToAsync(back);
            Assert.Equal(content, back.ToArray());
            Assert.Null(await reader.GetNextEntryAsync());
        }
    }

    [Fact]
    public async Task Folders_and_links_are_described_as_what_they_are()
    {
        await using var container = await TestContainer.StartAsync();
        await container.ReadAsync("sh", "-c", "mkdir -m 751 /tmp/d && ln -s d /tmp/l && ln -s /nowhere /tmp/dangling");
        var containers = container.Client.Containers;
        var folder = await containers.StatPathAsync(container.Id, "/tmp/d", Limits.Token);
        Assert.Equal((true, (UnixFileMode)0b111_101_001), (folder!.IsDirectory, folder.Permissions));
        var link = await containers.StatPathAsync(container.Id, "/tmp/l", Limits.Token);
        Assert.Equal((true, "/tmp/d"), (link!.IsSymbolicLink, link.LinkTarget));
        Assert.True((await containers.StatPathAsync(container.Id, "/tmp/dangling", Limits.Token))!.IsSymbolicLink);
    }

    [Fact]
    public async Task A_path_that_is_not_there_is_null_but_a_container_that_is_not_there_is_an_error()
    {
        await using var container = await TestContainer.CreateAsync();
        var containers = container.Client.Containers;
        Assert.Null(await containers.StatPathAsync(container.Id, "/tmp/nothing", Limits.Token));
        Assert.True((await Assert.ThrowsAsync<DockerException>(() => containers.StatPathAsync("flourisha-test-nothing", "/tmp", Limits.Token))).IsNotFound);
        var missing = await Assert.ThrowsAsync<DockerException>(() => containers.GetArchiveAsync(container.Id, "/tmp/nothing", Limits.Token));
        Assert.True(missing.IsNotFound);
        Assert.Contains("/tmp/nothing", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_can_be_made_to_belong_to_the_container_s_user()
    {
        await using var container = await TestContainer.StartAsync(request => request with { User = "nobody" });
        await PutAsync(container, "/tmp", ownedByContainerUser: true, new PaxTarEntry(TarEntryType.RegularFile, "mine") { Uid = 0, Gid = 0 });
        await PutAsync(container, "/tmp", ownedByContainerUser: false, new PaxTarEntry(TarEntryType.RegularFile, "root's") { Uid = 0, Gid = 0 });
        Assert.Equal("nobody\nroot\n", await container.ReadAsync("stat", "-c", "%U", "/tmp/mine", "/tmp/root's"));
    }

    [Fact]
    public async Task Many_files_go_in_and_come_out()
    {
        await using var container = await TestContainer.StartAsync();
        await container.Client.Containers.PutArchiveAsync(container.Id, "/tmp", async (stream, token) =>
        {
            await using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
            for (var i = 0; i < 2000; i++)
                await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, $"many/f{i}") { DataStream = new MemoryStream(BitConverter.GetBytes(i)) }, token);
        }, ownedByContainerUser: false, Limits.Token);
        var (_, tar) = await container.Client.Containers.GetArchiveAsync(container.Id, "/tmp/many", Limits.Token);
        await using var disposing = tar;
        await using var reader = new TarReader(tar);
        var seen = new Dictionary<string, int>();
        while (await reader.GetNextEntryAsync(copyData: false, Limits.Token) is { } entry)
        {
            if (entry.EntryType == TarEntryType.Directory)
                continue;
            var bytes = new byte[4];
            await entry.DataStream!.ReadExactlyAsync(bytes);
            seen.Add(entry.Name, BitConverter.ToInt32(bytes));
        }
        Assert.Equal(Enumerable.Range(0, 2000).ToDictionary(i => $"many/f{i}", i => i), seen);
    }

    [Fact]
    public async Task A_refusal_comes_in_the_engine_s_words_however_large_the_upload_is()
    {
        await using var container = await TestContainer.StartAsync();
        Assert.Contains("/tmp/nothing", (await RefusedAsync(container.Id, "/tmp/nothing", "f")).Message, StringComparison.Ordinal);
        Assert.True((await RefusedAsync("flourisha-test-nothing", "/tmp", "f")).IsNotFound);
        await container.ReadAsync("mkdir", "/tmp/f");
        Assert.Contains("cannot overwrite directory", (await RefusedAsync(container.Id, "/tmp", "f")).Message, StringComparison.Ordinal);

        Task<DockerException> RefusedAsync(string id, string folder, string name) => Assert.ThrowsAsync<DockerException>(() =>
            container.Client.Containers.PutArchiveAsync(id, folder, async (stream, token) =>
            {
                await using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
                for (var i = 0; i < 50; i++)
                    await writer.WriteEntryAsync(new PaxTarEntry(TarEntryType.RegularFile, i == 1 ? name : $"other{i}") { DataStream = new MemoryStream(new byte[1 << 20]) }, token);
            }, ownedByContainerUser: false, Limits.Token));
    }

    [Fact]
    public async Task A_full_disk_in_the_middle_of_an_upload_is_reported_as_that()
    {
        // The upload goes to a volume, because the engine does not see a container's memory file systems.
        var client = await Engine.ClientAsync();
        var volume = Engine.NewName();
        await client.Volumes.CreateAsync(new VolumeCreateRequest
        {
            Name = volume,
            Labels = Engine.Labels,
            DriverOpts = new() { ["type"] = "tmpfs", ["device"] = "tmpfs", ["o"] = "size=4m" },
        }, Limits.Token);
        try
        {
            await using var container = await TestContainer.StartAsync(request => request with
            {
                HostConfig = request.HostConfig! with { Mounts = [new Mount { Type = "volume", Source = volume, Target = "/small" }] },
            });
            var exception = await Assert.ThrowsAsync<DockerException>(() => PutAsync(container, "/small", ownedByContainerUser: false,
                new PaxTarEntry(TarEntryType.RegularFile, "big") { DataStream = new MemoryStream(new byte[64 << 20]) }));
            Assert.Contains("no space left on device", exception.Message, StringComparison.Ordinal);
        }
        finally
        {
            await client.Volumes.RemoveAsync(volume, force: true, CancellationToken.None);
        }
    }

    private static Task PutAsync(TestContainer container, string folder, bool ownedByContainerUser, params TarEntry[] entries) =>
        container.Client.Containers.PutArchiveAsync(container.Id, folder, async (stream, token) =>
        {
            await using var writer = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true);
            foreach (var entry in entries)
                await writer.WriteEntryAsync(entry, token);
        }, ownedByContainerUser, Limits.Token);
}
