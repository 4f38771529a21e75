using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace FlourishaSandbox.Agent.Tunnels;

/// <summary>Passes on what two ends of a tunnel send, until one of them has gone.</summary>
internal static class TunnelPump
{
    private const int BufferSize = 32 << 10;

    /// <summary>Passes on both ways. A buffer each way is all that is ever held: who reads slowly is not written to.</summary>
    /// <param name="client">The client's end.</param>
    /// <param name="local">The sandbox's end.</param>
    /// <param name="endLocalInput">Tells the sandbox's end that nothing more will come.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Passing on: done when the sandbox's end has said all that it had to say, or the client has hung up.</returns>
    public static async Task JoinAsync(Stream client, Stream local, Action endLocalInput, CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var inward = PassAsync(client, local, endLocalInput, end.Token);
        await PassAsync(local, client, () => { }, end.Token);
        await end.CancelAsync();
        await inward;
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
