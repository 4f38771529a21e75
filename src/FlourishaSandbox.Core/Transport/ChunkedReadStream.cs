using System.Globalization;

namespace FlourishaSandbox.Transport;

/// <summary>Decodes a body in HTTP's chunked coding. A body that is cut off is an error, not an end.</summary>
internal sealed class ChunkedReadStream(BufferedReadStream inner) : ReadOnlyStream
{
    private long _remaining;
    private bool _afterData;
    private bool _ended;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_ended || buffer.Length == 0)
            return 0;
        if (_remaining == 0 && !await NextChunkAsync(cancellationToken).ConfigureAwait(false))
            return 0;
        if (buffer.Length > _remaining)
            buffer = buffer[..(int)_remaining];
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        if (count == 0)
            throw new EndOfStreamException("the connection was closed in the middle of the answer");
        _remaining -= count;
        _afterData = _remaining == 0;
        return count;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<bool> NextChunkAsync(CancellationToken cancellationToken)
    {
        if (_afterData)
        {
            await inner.ReadLineAsync(cancellationToken).ConfigureAwait(false);
            _afterData = false;
        }
        var line = await inner.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        var size = line.Split(';', 2)[0].Trim();
        if (!long.TryParse(size, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _remaining) || _remaining < 0)
            throw new InvalidDataException("the answer's chunked coding is broken");
        if (_remaining > 0)
            return true;
        // The trailer: fields that nobody asked for, and an empty line.
        while (await inner.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 })
        {
        }
        _ended = true;
        return false;
    }
}
