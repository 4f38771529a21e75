namespace FlourishaSandbox.Transport;

/// <summary>A body whose length was announced. A body that is cut off is an error, not an end.</summary>
internal sealed class FixedLengthReadStream(Stream inner, long length) : ReadOnlyStream
{
    private long _remaining = length;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_remaining == 0 || buffer.Length == 0)
            return 0;
        if (buffer.Length > _remaining)
            buffer = buffer[..(int)_remaining];
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0)
            throw new EndOfStreamException($"the connection was closed {_remaining} bytes before the end of the answer");
        _remaining -= count;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
