using System.Buffers.Binary;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>Which stream of a process a piece belongs to.</summary>
internal enum StreamKind
{
    /// <summary>Standard input, which an engine may echo.</summary>
    Input = 0,

    /// <summary>Standard output; of a terminal, everything.</summary>
    Output = 1,

    /// <summary>Standard error.</summary>
    Error = 2,
}

/// <summary>What a read has brought.</summary>
/// <param name="Kind">The stream that it belongs to.</param>
/// <param name="Count">How many bytes; 0 at the end.</param>
internal readonly record struct StreamChunk(StreamKind Kind, int Count);

/// <summary>
/// The connection to a process: its output, which the engine sends in frames of an 8-byte header and a payload, and its input. One reader
/// and one writer may be at work at once. A cancelled read loses nothing and may be repeated.
/// </summary>
internal sealed class MultiplexedStream : IAsyncDisposable, IDisposable
{
    private const int HeaderLength = 8;

    /// <summary>The engine's own kind of frame, for an error in the middle of a stream.</summary>
    private const int EngineErrorKind = 3;

    private readonly BufferedReadStream _reader;
    private readonly TransportStream? _writer;
    private readonly IDisposable? _owner;
    private readonly bool _raw;
    private readonly byte[] _header = new byte[HeaderLength];
    private int _headerCount;
    private long _payload;
    private StreamKind _kind = StreamKind.Output;

    /// <summary>Creates the stream.</summary>
    /// <param name="reader">What the engine sends.</param>
    /// <param name="writer">Where input goes; null where there is none.</param>
    /// <param name="raw">Whether there are no frames, as with a terminal.</param>
    /// <param name="owner">Disposed with this stream; null for nothing.</param>
    public MultiplexedStream(BufferedReadStream reader, TransportStream? writer, bool raw, IDisposable? owner)
    {
        _reader = reader;
        _writer = writer;
        _raw = raw;
        _owner = owner;
    }

    /// <summary>Reads output as it comes; a count of 0 is the end.</summary>
    /// <param name="buffer">Where to put it; not empty.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EndOfStreamException">The connection was closed in the middle of a frame.</exception>
    /// <exception cref="InvalidDataException">What came is no frame.</exception>
    public async ValueTask<StreamChunk> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        if (buffer.Length == 0)
            throw new ArgumentException("The buffer is empty, so nothing can be told from the end.", nameof(buffer));
        if (_raw)
            return new StreamChunk(StreamKind.Output, await _reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false));
        while (_payload == 0)
        {
            if (!await ReadHeaderAsync(cancellationToken).ConfigureAwait(false))
                return new StreamChunk(StreamKind.Output, 0);
        }
        if (buffer.Length > _payload)
            buffer = buffer[..(int)_payload];
        var count = await _reader.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0)
            throw new EndOfStreamException($"The engine closed the stream {_payload} bytes before the end of a frame; output is missing.");
        _payload -= count;
        return new StreamChunk(_kind, count);
    }

    /// <summary>
    /// Writes to the process's standard input. Where the process ends without reading it, an engine keeps the writer waiting for seconds
    /// after the end of the output, so whoever does both cancels the write when the process is known to have ended.
    /// </summary>
    /// <param name="data">The bytes.</param>
    /// <param name="cancellationToken">Ends the write; how much went through is then unknown.</param>
    /// <exception cref="IOException">The process or the engine takes no more.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var writer = _writer ?? throw new NotSupportedException("This stream has no input.");
        await writer.WriteAsync(data, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the process's standard input. Reading goes on. Nothing happens where the connection is gone already.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async ValueTask CloseWriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_writer is not null)
                await _writer.CloseWriteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            // The process ended first. What it left is still to be read.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _owner?.Dispose();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync().ConfigureAwait(false);
        _owner?.Dispose();
    }

    private async ValueTask<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        while (_headerCount < HeaderLength)
        {
            var count = await _reader.ReadAsync(_header.AsMemory(_headerCount), cancellationToken).ConfigureAwait(false);
            if (count == 0)
            {
                return _headerCount == 0
                    ? false
                    : throw new EndOfStreamException($"The engine closed the stream in the middle of a frame's header ({_headerCount} of {HeaderLength} bytes); output is missing.");
            }
            _headerCount += count;
        }
        var kind = _header[0];
        if (kind > EngineErrorKind || _header[1] != 0 || _header[2] != 0 || _header[3] != 0)
            throw new InvalidDataException($"The engine sent {Convert.ToHexString(_header)} where a frame's header must be.");
        var length = BinaryPrimitives.ReadUInt32BigEndian(_header.AsSpan(4));
        _headerCount = 0;
        if (kind == EngineErrorKind)
            throw new IOException($"The engine broke the stream off: {await ReadTextAsync(length, cancellationToken).ConfigureAwait(false)}");
        _payload = length;
        _kind = (StreamKind)kind;
        return true;
    }

    private async ValueTask<string> ReadTextAsync(uint length, CancellationToken cancellationToken)
    {
        var text = new byte[Math.Min(length, 4096)];
        var count = await _reader.ReadAtLeastAsync(text, text.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        return System.Text.Encoding.UTF8.GetString(text, 0, count).Trim();
    }
}
