using System.Text;

namespace FlourishaSandbox.Transport;

/// <summary>
/// Reads a stream through a buffer, by the line where the protocol has lines and by the byte where it has not. A cancelled read loses
/// nothing: what has arrived stays in the buffer.
/// </summary>
internal sealed class BufferedReadStream(Stream inner) : ReadOnlyStream
{
    private const int Capacity = 64 * 1024;

    private readonly byte[] _buffer = new byte[Capacity];
    private int _start;
    private int _end;

    /// <summary>Bytes that have arrived and have not been read.</summary>
    public int Buffered => _end - _start;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;
        if (Buffered == 0)
        {
            if (buffer.Length >= Capacity)
                return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                return 0;
        }
        var count = Math.Min(buffer.Length, Buffered);
        _buffer.AsSpan(_start, count).CopyTo(buffer.Span);
        _start += count;
        return count;
    }

    /// <summary>Reads a line of a protocol head, without its line end.</summary>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EndOfStreamException">The stream ends before the line does.</exception>
    /// <exception cref="InvalidDataException">The line is longer than 64 KiB, so this is no head.</exception>
    public async ValueTask<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        var searched = 0;
        while (true)
        {
            var end = _buffer.AsSpan(_start + searched, Buffered - searched).IndexOf((byte)'\n');
            if (end >= 0)
            {
                var length = searched + end;
                var line = Encoding.Latin1.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }
            searched = Buffered;
            if (searched == Capacity)
                throw new InvalidDataException("the answer is not HTTP: its head has a line of more than 64 KiB");
            if (!await FillAsync(cancellationToken).ConfigureAwait(false))
                throw new EndOfStreamException("the connection was closed in the middle of the answer's head");
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellationToken)
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, Buffered).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        var count = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += count;
        return count > 0;
    }
}
