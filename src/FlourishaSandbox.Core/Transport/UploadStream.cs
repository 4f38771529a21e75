using System.Buffers;
using System.Globalization;
using System.Text;

namespace FlourishaSandbox.Transport;

/// <summary>
/// The body of an upload in HTTP's chunked coding. Small writes are gathered into chunks of 256 KiB, each of which leaves in one write:
/// tar writers write headers of 512 bytes, and a packet for each would make a folder of small files slow.
/// </summary>
internal sealed class UploadStream : Stream
{
    private const int HeadRoom = 16;
    private const int Capacity = 256 * 1024;

    private readonly Stream _connection;
    private readonly CancellationToken _answered;
    private readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(HeadRoom + Capacity + 2);
    private int _count;
    private bool _disposed;

    /// <summary>Creates the body's stream.</summary>
    /// <param name="connection">The connection, which stays open.</param>
    /// <param name="answered">Cancelled when the engine has refused the request, so that nothing more needs to be sent.</param>
    public UploadStream(Stream connection, CancellationToken answered)
    {
        _connection = connection;
        _answered = answered;
    }

    /// <summary>Why the connection took no more, where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        while (buffer.Length > 0)
        {
            var count = Math.Min(buffer.Length, Capacity - _count);
            buffer.Span[..count].CopyTo(_buffer.AsSpan(HeadRoom + _count));
            _count += count;
            buffer = buffer[count..];
            if (_count == Capacity)
                await SendChunkAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Does nothing: what is gathered leaves when a chunk is full, or at the end.</summary>
    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is gathered and the end of the body.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public async Task CompleteAsync(CancellationToken cancellationToken)
    {
        await SendChunkAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync("0\r\n\r\n"u8.ToArray(), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override void Flush()
    {
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An upload to an engine is written asynchronously.");

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>Gives the buffer back. Only the owner of the exchange ends the body, so a writer that disposes the stream ends nothing.</summary>
    internal void Release()
    {
        if (_disposed)
            return;
        _disposed = true;
        ArrayPool<byte>.Shared.Return(_buffer);
    }

    private async Task SendChunkAsync(CancellationToken cancellationToken)
    {
        if (_count == 0)
            return;
        // The size goes right before the data and the line end right behind it, so that the chunk is one piece of memory.
        var head = Encoding.ASCII.GetBytes(_count.ToString("x", CultureInfo.InvariantCulture) + "\r\n");
        var start = HeadRoom - head.Length;
        head.CopyTo(_buffer, start);
        _buffer[HeadRoom + _count] = (byte)'\r';
        _buffer[HeadRoom + _count + 1] = (byte)'\n';
        var chunk = _buffer.AsMemory(start, head.Length + _count + 2);
        _count = 0;
        await SendAsync(chunk, cancellationToken).ConfigureAwait(false);
    }

    private async Task SendAsync(ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _answered);
        try
        {
            await _connection.WriteAsync(data, either.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            Failure = exception;
            throw new IOException("The engine takes no more of the upload.", exception);
        }
    }
}
