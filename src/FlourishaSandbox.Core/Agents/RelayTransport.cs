using System.Text;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Agents;

/// <summary>A connection to an agent through an exec of the engine, whose program passes on what it reads and writes.</summary>
/// <param name="exec">The exec's streams, disposed with this.</param>
internal sealed class RelayTransport(MultiplexedStream exec) : TransportStream
{
    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.Length == 0)
            return 0;

        try
        {
            var chunk = await exec.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            return chunk.Kind != StreamKind.Error || chunk.Count == 0
                ? chunk.Count
                : throw new IOException($"the relay in the sandbox says: {Encoding.UTF8.GetString(buffer.Span[..chunk.Count]).Trim()}");
        }
        catch (InvalidDataException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => exec.WriteAsync(buffer, cancellationToken);

    /// <inheritdoc/>
    public override ValueTask CloseWriteAsync(CancellationToken cancellationToken) => exec.CloseWriteAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            exec.Dispose();

        base.Dispose(disposing);
    }
}
