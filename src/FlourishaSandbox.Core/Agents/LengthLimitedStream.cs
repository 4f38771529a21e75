using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Agents;

/// <summary>Reads no more than so much: what a sandbox sends may have no end.</summary>
/// <param name="inner">What is read.</param>
/// <param name="limit">Bytes that may come.</param>
internal sealed class LengthLimitedStream(Stream inner, long limit) : ReadOnlyStream
{
    private long _read;

    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _read += count;
        return _read <= limit ? count : throw new IOException($"the agent's answer is longer than {limit >> 20} MiB");
    }
}
