using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Cli.Terminal;

/// <summary>Hands a command's output on to our own standard streams, byte for byte and at once.</summary>
internal sealed class CommandStreams : ICommandOutput
{
    /// <inheritdoc/>
    /// <exception cref="ClosedOutputException">The reader has gone; the command is then killed.</exception>
    public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken) =>
        (source == OutputSource.Output ? StandardStream.Output : StandardStream.Error).WriteAsync(data, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => ValueTask.CompletedTask;
}
