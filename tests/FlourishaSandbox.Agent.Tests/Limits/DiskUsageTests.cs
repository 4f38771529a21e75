using System.Diagnostics;
using FlourishaSandbox.Agent.Limits;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent.Tests.Limits;

/// <summary>How much is found to have been written. In memory, so that nobody else's files count.</summary>
public sealed class DiskUsageTests : IDisposable
{
    private const int MiB = 1 << 20;

    private readonly DirectoryInfo _root;

    public DiskUsageTests()
    {
        Assert.SkipUnless(Directory.Exists("/dev/shm"), "There is no /dev/shm.");
        _root = Directory.CreateDirectory($"/dev/shm/flourisha-disk-{Guid.NewGuid():N}");
    }

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public void What_was_there_before_does_not_count_and_what_is_new_does()
    {
        Write("before", MiB);
        Thread.Sleep(50);
        var usage = Create();

        Assert.InRange(usage.Measure(), 0, 4096);
        Write("folder/after", 3 * MiB);
        Assert.InRange(usage.Measure(), 3 * MiB, (3 * MiB) + 16384);

        // What is changed in any way is copied over the image as a whole.
        File.SetUnixFileMode(Path.Combine(_root.FullName, "before"), UnixFileMode.UserRead);
        Assert.InRange(usage.Measure(), 4 * MiB, (4 * MiB) + 16384);
        File.Delete(Path.Combine(_root.FullName, "folder", "after"));
        Assert.InRange(usage.Measure(), MiB, MiB + 16384);
    }

    [Fact]
    public void Blocks_count_and_each_once()
    {
        var usage = Create();
        Write("one", MiB);
        Process.Start("ln", [Path.Combine(_root.FullName, "one"), Path.Combine(_root.FullName, "two")]).WaitForExit();
        using (var holes = File.Create(Path.Combine(_root.FullName, "holes")))
            holes.SetLength(1L << 40);

        Assert.InRange(usage.Measure(), MiB, MiB + 16384);
    }

    [Fact]
    public void What_was_removed_counts_as_long_as_somebody_has_it_open()
    {
        var usage = Create();
        Write("gone", 2 * MiB);
        using (File.OpenRead(Path.Combine(_root.FullName, "gone")))
        {
            File.Delete(Path.Combine(_root.FullName, "gone"));
            Assert.InRange(usage.Measure(), 2 * MiB, (2 * MiB) + 16384);
        }

        Assert.InRange(usage.Measure(), 0, 16384);
    }

    [Fact]
    public void Folders_nested_beyond_measure_are_told()
    {
        var usage = Create();
        Process.Start("/bin/sh", ["-c", $"cd {_root.FullName}; for i in $(seq 300); do mkdir d; cd d; done"]).WaitForExit();

        Assert.Equal(DiskUsage.Unmeasurable, usage.Measure());
    }

    private DiskUsage Create()
    {
        // The clock of files ticks more slowly than ours, and is behind by some milliseconds.
        var now = DateTimeOffset.UtcNow - TimeSpan.FromMilliseconds(20);
        return new DiskUsage(_root.FullName, (now.ToUnixTimeSeconds(), (uint)(now.Ticks % TimeSpan.TicksPerSecond * 100)), LibC.GetUserId());
    }

    private void Write(string name, int bytes)
    {
        var path = Path.Combine(_root.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, new byte[bytes]);
    }
}
