using System.Buffers;

namespace FlourishaSandbox.Audit;

/// <summary>Takes a stream's lines as bytes. One that does not end yet is kept until it does.</summary>
internal sealed class LineReader
{
    // Our own lines have some kilobytes; a longer one is somebody's joke.
    private const int LongestLine = 1 << 20;

    private readonly ArrayBufferWriter<byte> _rest = new();
    private readonly byte[] _buffer = new byte[64 * 1024];

    /// <summary>Bytes that were read.</summary>
    public long Position { get; private set; }

    /// <summary>Begins with another stream.</summary>
    public void Reset()
    {
        _rest.ResetWrittenCount();
        Position = 0;
    }

    /// <summary>Reads what there is.</summary>
    /// <param name="stream">The stream, at <see cref="Position"/>.</param>
    /// <param name="line">Called for each line, without its line feed.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    public async Task ReadAsync(Stream stream, Action<ReadOnlyMemory<byte>> line, CancellationToken cancellationToken)
    {
        while (await stream.ReadAsync(_buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            Position += count;
            var left = _buffer.AsMemory(0, count);
            while (left.Span.IndexOf((byte)'\n') is >= 0 and var end)
            {
                if (_rest.WrittenCount == 0)
                {
                    line(left[..end]);
                }
                else
                {
                    _rest.Write(left.Span[..end]);
                    line(_rest.WrittenMemory);
                    _rest.ResetWrittenCount();
                }

                left = left[(end + 1)..];
            }

            if (_rest.WrittenCount + left.Length > LongestLine)
                _rest.ResetWrittenCount();
            else
                _rest.Write(left.Span);
        }
    }
}
