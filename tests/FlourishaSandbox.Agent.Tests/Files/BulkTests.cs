using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agent.Tests.Files;

/// <summary>Much at once: what it costs the agent, which is what a machine with other work on it can still tell.</summary>
public sealed class BulkTests(ITestOutputHelper output) : IDisposable
{
    private const long Half = 512L << 20;
    private const long MostMemory = 64L << 20;

    private FileAgent _agent = new();

    public void Dispose() => _agent.Dispose();

    [Fact]
    public async Task Five_thousand_files_take_little_time_either_way()
    {
        // A disk with others on it may take a hundred times as long as we do.
        _agent.Dispose();
        _agent = FileAgent.InMemory();
        var tree = Path.Combine(_agent.Home, "tree");
        for (var i = 0; i < 5000; i++)
        {
            Directory.CreateDirectory($"{tree}/{i % 100}");
            await File.WriteAllBytesAsync($"{tree}/{i % 100}/{i}", new byte[100 + i]);
        }

        byte[] archive = [];
        var spent = await MeasureAsync("5,000 files out", async () => archive = await _agent.Http.GetByteArrayAsync($"{EnvdRoutes.Tar}?path={tree}"));
        Assert.True(spent < TimeSpan.FromSeconds(1), $"{spent} of CPU time");

        Directory.CreateDirectory(_agent.Home + "/copy");
        using var content = new ByteArrayContent(archive);
        spent = await MeasureAsync("5,000 files in", async () => Assert.Equal(HttpStatusCode.OK, (await _agent.Http.PutAsync($"{EnvdRoutes.Tar}?path={_agent.Home}/copy", content)).StatusCode));
        Assert.True(spent < TimeSpan.FromSeconds(1), $"{spent} of CPU time");
        Assert.Equal(5000, Directory.EnumerateFiles(_agent.Home + "/copy", "*", SearchOption.AllDirectories).Count());
    }

    [Fact]
    public async Task Half_a_gigabyte_goes_through_in_little_memory()
    {
        var path = Path.Combine(_agent.Home, "half");
        using (var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write))
            RandomAccess.SetLength(file, Half);

        await MeasureAsync("512 MiB of tar out", () => DiscardAsync($"{EnvdRoutes.Tar}?path={path}", Half + 1536));
        await MeasureAsync("512 MiB of a file out", () => DiscardAsync($"{EnvdRoutes.Files}?path={path}", Half));

        await MeasureAsync("512 MiB of a file in", async () =>
        {
            using var content = new StreamContent(new ZeroStream(Half), 256 << 10);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
            Assert.Equal(HttpStatusCode.OK, (await _agent.Http.PostAsync($"{EnvdRoutes.Files}?path={path}", content)).StatusCode);
        });
        Assert.Equal(Half, new FileInfo(path).Length);

        Directory.CreateDirectory(_agent.Home + "/copy");
        await MeasureAsync("512 MiB of tar in", async () =>
        {
            var tar = new System.Formats.Tar.GnuTarEntry(System.Formats.Tar.TarEntryType.RegularFile, "half") { DataStream = new ZeroStream(Half) };
            using var content = new TarContent(tar);
            Assert.Equal(HttpStatusCode.OK, (await _agent.Http.PutAsync($"{EnvdRoutes.Tar}?path={_agent.Home}/copy", content)).StatusCode);
        });
        Assert.Equal(Half, new FileInfo(_agent.Home + "/copy/half").Length);

        var peak = _agent.Memory("VmHWM");
        output.WriteLine($"at most {peak >> 20} MiB resident");
        Assert.True(peak < MostMemory, $"{peak >> 20} MiB resident");
    }

    private async Task DiscardAsync(string url, long expected)
    {
        await using var stream = await _agent.Http.GetStreamAsync(url);
        var buffer = new byte[256 << 10];
        var length = 0L;
        while (await stream.ReadAsync(buffer) is > 0 and var read)
            length += read;

        Assert.InRange(length, expected, expected + 10_240);
    }

    private async Task<TimeSpan> MeasureAsync(string what, Func<Task> action)
    {
        var before = _agent.CpuTime();
        var clock = Stopwatch.StartNew();
        await action();
        var spent = _agent.CpuTime() - before;
        output.WriteLine($"{what}: {clock.ElapsedMilliseconds} ms, {spent.TotalMilliseconds} ms of the agent's CPU time");
        return spent;
    }

    private sealed class TarContent(System.Formats.Tar.TarEntry entry) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var tar = new System.Formats.Tar.TarWriter(stream, System.Formats.Tar.TarEntryFormat.Gnu, leaveOpen: true);
            await tar.WriteEntryAsync(entry);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>So many zeros.</summary>
    private sealed class ZeroStream(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            buffer.AsSpan(offset, read).Clear();
            Position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => length + offset };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
