using FlourishaSandbox.Commands;

namespace FlourishaSandbox;

/// <summary>
/// Slows a command down to the pace of the pipeline that takes its lines. Else an endless command would fill the memory behind a slow taker.
/// </summary>
/// <param name="inner">Posts to the cmdlet what it makes of each piece.</param>
/// <param name="cmdlet">Carries out what was posted, in order.</param>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing, and what was posted may release it after the command's end.
internal sealed class PacedOutput(ICommandOutput inner, SandboxCmdlet cmdlet) : ICommandOutput
#pragma warning restore CA1001
{
    // Of at most 64 KiB each: enough for the command and the pipeline to work side by side.
    private const int PiecesAhead = 16;

    private readonly SemaphoreSlim _room = new(PiecesAhead);

    /// <inheritdoc/>
    public async ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        // The wait comes last, so that nothing is lost when the command's time ends during it.
        await inner.WriteAsync(source, data, cancellationToken).ConfigureAwait(false);
        cmdlet.Post(() => _room.Release());
        await _room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);
}
