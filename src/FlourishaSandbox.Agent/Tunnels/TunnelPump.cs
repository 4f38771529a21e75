using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FlourishaSandbox.Agent.Tunnels;

/// <summary>Passes on what two ends of a tunnel send, until one of them has gone.</summary>
internal static class TunnelPump
{
    private const int BufferSize = 32 << 10;

    // For what a client sent before it hung up, where the sandbox's end is slow to take it.
    private static readonly TimeSpan s_grace = TimeSpan.FromSeconds(10);

    /// <summary>Passes on both ways. A buffer each way is all that is ever held: who reads slowly is not written to.</summary>
    /// <param name="client">The client's end.</param>
    /// <param name="local">The sandbox's end.</param>
    /// <param name="endLocalInput">Tells the sandbox's end that nothing more will come.</param>
    /// <param name="hangUp">Says that the client has hung up. That comes before what it sent last has been read.</param>
    /// <returns>Passing on: done when the sandbox's end has said all that it had to say, or has got all of a client that has hung up.</returns>
    public static async Task JoinAsync(Stream client, Stream local, Action endLocalInput, CancellationToken hangUp)
    {
        using var end = new CancellationTokenSource();
        await using var hungUp = hangUp.Register(() => end.CancelAfter(s_grace));
        var inward = PassAsync(client, local, endLocalInput, end.Token);
        var outward = PassAsync(local, client, () => { }, end.Token);
        await Task.WhenAny(outward, EndAsync(inward, hangUp, end.Token));
        await end.CancelAsync();
        await Task.WhenAll(inward, outward);
    }

    // Who has only said all that he had to say may still be waiting for the answer.
    private static async Task EndAsync(Task inward, CancellationToken hangUp, CancellationToken end)
    {
        await inward;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(hangUp, end);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private static async Task PassAsync(Stream from, Stream to, Action ended, CancellationToken cancellationToken)
    {
        try
        {
            await from.CopyToAsync(to, BufferSize, cancellationToken);
            ended();
        }
        catch (Exception exception) when (exception is IOException or SocketException or OperationCanceledException or ConnectionAbortedException or ObjectDisposedException)
        {
            // One end has gone, which is how most connections end: there is nobody to be told.
        }
    }
}
