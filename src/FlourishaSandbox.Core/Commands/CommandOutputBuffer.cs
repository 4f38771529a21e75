namespace FlourishaSandbox.Commands;

/// <summary>Keeps a command's output in memory, up to a limit for each stream, because what a sandbox writes may have no end.</summary>
public sealed class CommandOutputBuffer : ICommandOutput, IDisposable
{
    /// <summary>How much is kept of each stream when nothing else is said: 32 MiB, so that output without an end costs under 64 MB.</summary>
    public const int DefaultLimit = 32 << 20;

    private readonly int _limit;
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _error = new();

    /// <summary>Creates an empty buffer.</summary>
    /// <param name="limit">Bytes to keep of each stream.</param>
    public CommandOutputBuffer(int limit = DefaultLimit)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(limit);
        _limit = limit;
    }

    /// <summary>Standard output so far.</summary>
    public ReadOnlyMemory<byte> Output => _output.GetBuffer().AsMemory(0, (int)_output.Length);

    /// <summary>Standard error so far.</summary>
    public ReadOnlyMemory<byte> Error => _error.GetBuffer().AsMemory(0, (int)_error.Length);

    /// <summary>Whether something had to be dropped.</summary>
    public bool Truncated { get; private set; }

    /// <inheritdoc/>
    public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var kept = source == OutputSource.Output ? _output : _error;
        var room = _limit - (int)kept.Length;
        Truncated |= data.Length > room;
        kept.Write(data.Span[..Math.Min(room, data.Length)]);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public void Dispose()
    {
        _output.Dispose();
        _error.Dispose();
    }
}
