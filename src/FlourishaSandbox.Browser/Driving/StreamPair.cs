using System.Buffers;
using System.Net.Sockets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>Passes bytes on between two connections, until either has ended.</summary>
internal static class StreamPair
{
    private const int BufferSize = 64 << 10;

    /// <summary>Passes bytes on both ways.</summary>
    /// <param name="one">A connection.</param>
    /// <param name="other">Another.</param>
    /// <param name="filter">What comes from the other one goes through it; null where all is passed on.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A task that ends with the first of the two.</returns>
    public static async Task JoinAsync(Stream one, Stream other, FrameFilter? filter, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] both = [PassAsync(one, other, null, end.Token), PassAsync(other, one, filter, end.Token)];
        await Task.WhenAny(both).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(both).ConfigureAwait(false);
    }

    /// <summary>Whether a failure is what connections end with.</summary>
    public static bool IsEnd(Exception exception) => exception is IOException or SocketException or OperationCanceledException or ObjectDisposedException or SandboxException;

    private static async Task PassAsync(Stream from, Stream to, FrameFilter? filter, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        var passed = filter is null ? null : new ArrayBufferWriter<byte>(BufferSize);
        try
        {
            while (await from.ReadAsync(buffer, cancellationToken).ConfigureAwait(false) is > 0 and var count)
            {
                passed?.ResetWrittenCount();
                if (filter?.Take(buffer.AsSpan(0, count), passed!) == false)
                    return;

                await to.WriteAsync(passed?.WrittenMemory ?? buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // How most connections end; who was at its ends has noticed.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
