namespace FlourishaSandbox.Commands;

/// <summary>Takes a command's output as it comes. A slow taker slows the command down; nothing is kept behind its back.</summary>
public interface ICommandOutput
{
    /// <summary>Takes a piece of output. Pieces come one after the other, in the order in which the engine sent them.</summary>
    /// <param name="source">The stream.</param>
    /// <param name="data">The bytes; valid until the returned task ends.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when the next piece may come.</returns>
    ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken);

    /// <summary>No more output will come.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when everything was taken.</returns>
    ValueTask CompleteAsync(CancellationToken cancellationToken);
}
