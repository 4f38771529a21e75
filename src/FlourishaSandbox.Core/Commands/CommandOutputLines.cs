namespace FlourishaSandbox.Commands;

/// <summary>Hands a command's output on line by line.</summary>
/// <param name="onLine">Takes each line; called for one line after the other.</param>
public sealed class CommandOutputLines(Action<OutputSource, string> onLine) : ICommandOutput
{
    private readonly LineSplitter _output = new();
    private readonly LineSplitter _error = new();

    /// <inheritdoc/>
    public ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        foreach (var line in (source == OutputSource.Output ? _output : _error).Push(data))
            onLine(source, line);

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        foreach (var line in _output.Push(default, isEnd: true))
            onLine(OutputSource.Output, line);

        foreach (var line in _error.Push(default, isEnd: true))
            onLine(OutputSource.Error, line);

        return ValueTask.CompletedTask;
    }
}
