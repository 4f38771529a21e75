using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Enforcement;

/// <summary>Passes a command's output on up to a limit. Where no agent sees to it, the command's end is for whoever catches what this throws.</summary>
/// <param name="inner">Takes the output.</param>
/// <param name="limit">The most bytes, both streams together.</param>
internal sealed class LimitedOutput(ICommandOutput inner, long limit) : ICommandOutput
{
    private long _left = limit;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        var permitted = data[..(int)Math.Min(data.Length, _left)];
        _left -= permitted.Length;
        if (permitted.Length > 0)
            await inner.WriteAsync(source, permitted, cancellationToken).ConfigureAwait(false);

        if (permitted.Length < data.Length)
            throw new OutputExceededException();
    }

    /// <inheritdoc/>
    public ValueTask CompleteAsync(CancellationToken cancellationToken) => inner.CompleteAsync(cancellationToken);
}

/// <summary>A command wrote more output than it may.</summary>
internal sealed class OutputExceededException() : Exception("The command wrote more output than it may.");
