using System.Net.Sockets;
using System.Security.Authentication;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>Opens connections to one endpoint.</summary>
internal sealed class DockerConnector(DockerEndpoint endpoint)
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(10);

    /// <summary>The endpoint.</summary>
    public DockerEndpoint Endpoint => endpoint;

    /// <summary>Opens a connection; gives up after 10 s (ssh has its own limit of 30 s).</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DockerUnreachableException">The connection cannot be made.</exception>
    public async Task<TransportStream> ConnectAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeout);
        try
        {
            return endpoint.Kind switch
            {
                DockerEndpointKind.UnixSocket => await SocketTransport.ConnectUnixAsync(endpoint.SocketPath, limit.Token).ConfigureAwait(false),
                DockerEndpointKind.NamedPipe => await PipeTransport.ConnectAsync(endpoint.SocketPath, limit.Token).ConfigureAwait(false),
                DockerEndpointKind.Ssh => SshTransport.Start(endpoint),
                _ => await ConnectTcpAsync(limit.Token).ConfigureAwait(false),
            };
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DockerUnreachableException(endpoint, $"no connection within {s_timeout.TotalSeconds:0} s", exception);
        }
        catch (Exception exception) when (exception is SocketException or IOException or AuthenticationException or ArgumentException or UnauthorizedAccessException)
        {
            throw new DockerUnreachableException(endpoint, exception.Message, exception);
        }
    }

    /// <summary>Opens a connection for much data: one that blocks, where that is faster.</summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="DockerUnreachableException">The connection cannot be made.</exception>
    public async Task<TransportStream> ConnectForBulkAsync(CancellationToken cancellationToken)
    {
        // On Windows nothing unblocks a read but closing the whole connection.
        if (endpoint.Kind != DockerEndpointKind.UnixSocket || OperatingSystem.IsWindows())
            return await ConnectAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return BlockingSocketTransport.ConnectUnix(endpoint.SocketPath, s_timeout);
        }
        catch (Exception exception) when (exception is SocketException or ArgumentException)
        {
            throw new DockerUnreachableException(endpoint, exception.Message, exception);
        }
    }

    private async Task<TransportStream> ConnectTcpAsync(CancellationToken cancellationToken)
    {
        var socket = await SocketTransport.ConnectTcpAsync(endpoint.HostName, endpoint.Port!.Value, cancellationToken).ConfigureAwait(false);
        return endpoint.Tls is { } tls
            ? await TlsTransport.AuthenticateAsync(socket, endpoint.HostName, tls, cancellationToken).ConfigureAwait(false)
            : socket;
    }
}
