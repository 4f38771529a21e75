using System.Buffers;
using System.Text;
using FlourishaSandbox.Commands;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// The engine writes why a program could not be started where the program's output would have been. This holds output back as long as it
/// may be the engine's word, so that it can become an error instead.
/// </summary>
/// <param name="inner">Gets everything that is a program's output.</param>
internal sealed class StartFailureGuard(ICommandOutput inner) : ICommandOutput
{
    /// <summary>What the engine's word begins with where the program cannot be started.</summary>
    public const string NotStarted = "OCI runtime exec failed: ";

    /// <summary>What the engine's word begins with where there is no such user.</summary>
    public const string UnknownUser = "unable to find user ";

    // The engine's words are a few hundred bytes; what goes on for longer is a program that says the same.
    private const int LongestWord = 4096;
    private static readonly byte[][] s_beginnings = [Encoding.ASCII.GetBytes(NotStarted), Encoding.ASCII.GetBytes(UnknownUser)];

    private ArrayBufferWriter<byte>? _held = new(256);

    /// <summary>The engine's word; null where the program was started, or wrote nothing.</summary>
    public string? Text => _held is { WrittenCount: > 0 } held ? Encoding.UTF8.GetString(held.WrittenSpan).Trim() : null;

    /// <inheritdoc/>
    public async ValueTask WriteAsync(OutputSource source, ReadOnlyMemory<byte> data, CancellationToken cancellationToken)
    {
        if (_held is null || source != OutputSource.Output)
        {
            await inner.WriteAsync(source, data, cancellationToken).ConfigureAwait(false);
            return;
        }

        _held.Write(data.Span);
        if (!MayBeEngine(_held.WrittenSpan))
            await ReleaseAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask CompleteAsync(CancellationToken cancellationToken)
    {
        await ReleaseAsync(cancellationToken).ConfigureAwait(false);
        await inner.CompleteAsync(cancellationToken).ConfigureAwait(false);
    }

    private static bool MayBeEngine(ReadOnlySpan<byte> held)
    {
        foreach (var beginning in s_beginnings)
        {
            var length = Math.Min(held.Length, beginning.Length);
            if (held.Length <= LongestWord && held[..length].SequenceEqual(beginning.AsSpan(0, length)))
                return true;
        }

        return false;
    }

    private async ValueTask ReleaseAsync(CancellationToken cancellationToken)
    {
        if (_held is not { } held)
            return;

        _held = null;
        if (held.WrittenCount > 0)
            await inner.WriteAsync(OutputSource.Output, held.WrittenMemory, cancellationToken).ConfigureAwait(false);
    }
}
