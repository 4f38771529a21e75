using System.Buffers.Binary;
using System.Text;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Core.Tests.Docker;

public sealed class MultiplexedStreamTests
{
    private static readonly (StreamKind Kind, string Text)[] s_frames =
        [(StreamKind.Output, "hello "), (StreamKind.Error, ""), (StreamKind.Error, "wörk"), (StreamKind.Output, "world\n"), (StreamKind.Input, "?"), (StreamKind.Output, new string('x', 40))];

    private static readonly byte[] s_bytes = [.. s_frames.SelectMany(frame => Frame((byte)frame.Kind, frame.Text))];

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(70_000)]
    public async Task Frames_are_decoded_however_the_bytes_arrive(int bufferSize)
    {
        for (var first = 0; first <= s_bytes.Length; first++)
        {
            for (var second = first; second <= s_bytes.Length; second++)
                AssertWhole(await DecodeAsync(bufferSize, s_bytes[..first], s_bytes[first..second], s_bytes[second..]));
        }
        AssertWhole(await DecodeAsync(bufferSize, [.. s_bytes.Select(single => new[] { single })]));
    }

    [Fact]
    public async Task A_stream_that_is_cut_anywhere_but_between_frames_is_an_error()
    {
        var ends = new HashSet<int> { 0 };
        foreach (var frame in s_frames)
            ends.Add(ends.Max() + 8 + Encoding.UTF8.GetByteCount(frame.Text));
        for (var length = 0; length <= s_bytes.Length; length++)
        {
            var decode = () => DecodeAsync(16, s_bytes[..length]);
            if (ends.Contains(length))
                await decode();
            else
                Assert.Contains("output is missing", (await Assert.ThrowsAsync<EndOfStreamException>(decode)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Without_frames_everything_is_output()
    {
        using var stream = Open(raw: true, s_bytes[..20], s_bytes[20..]);
        var read = new MemoryStream();
        var buffer = new byte[9];
        while (await stream.ReadAsync(buffer, Limits.Token) is { Count: > 0 } chunk)
        {
            Assert.Equal(StreamKind.Output, chunk.Kind);
            read.Write(buffer, 0, chunk.Count);
        }
        Assert.Equal(s_bytes, read.ToArray());
    }

    [Fact]
    public async Task A_cancelled_read_loses_nothing()
    {
        var pieces = s_bytes.Select(single => new[] { single }).ToArray();
        using var stream = new MultiplexedStream(new BufferedReadStream(new ScriptedStream(pieces) { WaitsOnce = true }), writer: null, raw: false, owner: null);
        var decoded = new Decoded();
        var buffer = new byte[5];
        var cancelled = 0;
        while (true)
        {
            StreamChunk chunk;
            try
            {
                using var soon = new CancellationTokenSource(1);
                chunk = await stream.ReadAsync(buffer, soon.Token);
            }
            catch (OperationCanceledException)
            {
                cancelled++;
                continue;
            }
            if (chunk.Count == 0)
                break;
            decoded.Add(chunk.Kind, buffer.AsSpan(0, chunk.Count));
        }
        Assert.True(cancelled > s_frames.Length, "no read was cancelled, so nothing was tried");
        AssertWhole(decoded);
    }

    [Theory]
    [InlineData(new byte[] { 4, 0, 0, 0, 0, 0, 0, 1, 65 })]
    [InlineData(new byte[] { 1, 0, 1, 0, 0, 0, 0, 1, 65 })]
    [InlineData(new byte[] { 72, 84, 84, 80, 47, 49, 46, 49, 32 })]
    public async Task Bytes_that_are_no_frame_are_an_error(byte[] bytes)
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => DecodeAsync(16, bytes));
    }

    [Fact]
    public async Task The_engine_s_own_error_frame_is_thrown_with_its_text()
    {
        byte[] bytes = [.. Frame(1, "some"), .. Frame(3, "log driver failed")];
        Assert.Contains("log driver failed", (await Assert.ThrowsAsync<IOException>(() => DecodeAsync(16, bytes))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frame_of_4_GiB_is_not_taken_for_a_negative_length()
    {
        using var stream = Open(raw: false, [1, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 65, 66]);
        Assert.Equal(new StreamChunk(StreamKind.Output, 2), await stream.ReadAsync(new byte[10], Limits.Token));
        await Assert.ThrowsAsync<EndOfStreamException>(async () => await stream.ReadAsync(new byte[10], Limits.Token));
    }

    [Fact]
    public async Task An_empty_buffer_is_refused_because_it_would_look_like_the_end()
    {
        using var stream = Open(raw: false, s_bytes);
        await Assert.ThrowsAsync<ArgumentException>(async () => await stream.ReadAsync(Memory<byte>.Empty, Limits.Token));
    }

    private static byte[] Frame(byte kind, string text)
    {
        var payload = Encoding.UTF8.GetBytes(text);
        var header = new byte[] { kind, 0, 0, 0, 0, 0, 0, 0 };
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), payload.Length);
        return [.. header, .. payload];
    }

    private static MultiplexedStream Open(bool raw, params byte[][] pieces) =>
        new(new BufferedReadStream(new ScriptedStream(pieces)), writer: null, raw, owner: null);

    private static async Task<Decoded> DecodeAsync(int bufferSize, params byte[][] pieces)
    {
        using var stream = Open(raw: false, pieces);
        var decoded = new Decoded();
        var buffer = new byte[bufferSize];
        while (await stream.ReadAsync(buffer, CancellationToken.None) is { Count: > 0 } chunk)
            decoded.Add(chunk.Kind, buffer.AsSpan(0, chunk.Count));
        return decoded;
    }

    private static void AssertWhole(Decoded decoded)
    {
        foreach (var kind in Enum.GetValues<StreamKind>())
            Assert.Equal(string.Concat(s_frames.Where(frame => frame.Kind == kind).Select(frame => frame.Text)), decoded.Text(kind));
    }

    private sealed class Decoded
    {
        private readonly Dictionary<StreamKind, MemoryStream> _streams = Enum.GetValues<StreamKind>().ToDictionary(kind => kind, _ => new MemoryStream());

        public void Add(StreamKind kind, ReadOnlySpan<byte> bytes) => _streams[kind].Write(bytes);

        public string Text(StreamKind kind) => Encoding.UTF8.GetString(_streams[kind].ToArray());
    }

    /// <summary>Gives one piece per read, however large the buffer is.</summary>
    private sealed class ScriptedStream(byte[][] pieces) : ReadOnlyStream
    {
        private readonly Queue<byte[]> _pieces = new(pieces.Where(piece => piece.Length > 0));
        private bool _hasWaited;

        /// <summary>Whether each piece comes only at the second try, the first being cancelled.</summary>
        public bool WaitsOnce { get; init; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (WaitsOnce && !_hasWaited)
            {
                _hasWaited = true;
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            _hasWaited = false;
            if (!_pieces.TryDequeue(out var piece))
                return 0;
            piece.CopyTo(buffer);
            return piece.Length;
        }
    }
}
