namespace FlourishaSandbox.Transport;

/// <summary>A connection that a server has made one to something else. What it sent right behind its answer has been read, and comes first.</summary>
/// <param name="exchange">By which it was asked for; disposed with this.</param>
internal sealed class TunnelStream(HttpExchange exchange) : TransportStream
{
    /// <inheritdoc/>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => exchange.Reader.ReadAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => exchange.Connection.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CloseWriteAsync(CancellationToken cancellationToken) => exchange.Connection.CloseWriteAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            exchange.Dispose();

        base.Dispose(disposing);
    }
}
