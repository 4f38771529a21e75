using System.Formats.Tar;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Files;

[Collection(Alone.Name)]
public sealed class UploadMemoryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_large_file_takes_no_memory_of_its_size()
    {
        using (var file = File.Create(_folder["large"]))
            file.SetLength(64 << 20);
        await using var tar = new TarWriter(Stream.Null, TarEntryFormat.Gnu, leaveOpen: true);
        var archive = new UploadArchive(default, new CopyProgress(OperationObserver.None, "test", total: null));
        var before = GC.GetTotalAllocatedBytes(precise: true);

        await archive.WriteAsync(tar, _folder["large"], "sent", Limits.Token);

        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 8 << 20);
    }
}
