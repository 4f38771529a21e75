using System.Text;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Files;

/// <summary>Files are listed by the sandbox's own find, which what runs there can replace: what it says must not decide where anything is written.</summary>
public sealed class HostileListingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeRuntime _runtime = new() { Archive = path => TestArchive.Write(TestArchive.Folder("any/"), TestArchive.File("any/evil", path)) };

    public void Dispose()
    {
        _runtime.Dispose();
        _folder.Dispose();
    }

    private static byte[] Find(params string[] paths) =>
        Encoding.UTF8.GetBytes(string.Concat(paths.Select(path => $"d\0" + $"4096\0" + $"1700000000.5\0" + $"755\0" + $"me\0" + $"us\0{path}\0\0")));

    [Theory]
    [InlineData("..")]
    [InlineData("a/..")]
    [InlineData("../../home/me")]
    [InlineData("/etc/..")]
    [InlineData(".")]
    public async Task A_wildcard_never_writes_beside_the_destination(string path)
    {
        _folder.Write("neighbour", "");
        Directory.CreateDirectory(_folder["out"]);
        _runtime.CommandOutput = Find(path, "good");
        try
        {
            await new SandboxFiles(_runtime).DownloadAsync(TestData.Sandbox(), "/workspace/*", _folder["out"], OperationObserver.None, Limits.Token);
        }
        catch (SandboxException exception)
        {
            Assert.Equal(SandboxError.UnsafeEntry, exception.Error);
        }

        Assert.Equal(["neighbour", "out", "out/good", "out/good/evil"], TreeSnapshot.Of(_folder.Path).Keys);
    }

    [Fact]
    public async Task Nonsense_is_shown_as_nothing_and_never_thrown_over()
    {
        _runtime.CommandOutput = Encoding.UTF8.GetBytes("f\0-5\0NaN\0" + "99999\0\0\0a\0\0" + "?\0x\0" + "1e999\0" + "+7\0u\0g\0b\0\0" + "half\0entry");
        var items = await new SandboxFiles(_runtime).ListAsync(TestData.Sandbox(), "/workspace", recurse: false, Limits.Token);
        Assert.Equal(["/workspace/a", "/workspace/b"], items.Select(item => item.Path));
        Assert.All(items, item => Assert.Equal((0L, UnixFileMode.None, DateTimeOffset.UnixEpoch), (item.Size, item.Permissions, item.Modified)));
        Assert.Equal([SandboxItemType.File, SandboxItemType.Other], items.Select(item => item.Type));
    }
}
