using System.Net;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>One request to an engine on a connection of its own.</summary>
internal sealed class DockerExchange : HttpExchange
{
    private readonly DockerEndpoint _endpoint;

    private DockerExchange(DockerEndpoint endpoint, TransportStream connection)
        : base(connection) => _endpoint = endpoint;

    /// <inheritdoc/>
    protected override string Headers => "Host: docker\r\n";

    /// <summary>Opens a connection for one request.</summary>
    /// <param name="connector">Where to.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<DockerExchange> OpenAsync(DockerConnector connector, CancellationToken cancellationToken) =>
        new(connector.Endpoint, await connector.ConnectAsync(cancellationToken).ConfigureAwait(false));

    /// <summary>Opens a connection for one request with much data to send or to get.</summary>
    /// <param name="connector">Where to.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<DockerExchange> OpenForBulkAsync(DockerConnector connector, CancellationToken cancellationToken) =>
        new(connector.Endpoint, await connector.ConnectForBulkAsync(cancellationToken).ConfigureAwait(false));

    /// <inheritdoc/>
    protected override Exception Lost(string message, Exception exception) => new DockerUnreachableException(_endpoint, message, exception);

    /// <inheritdoc/>
    protected override async Task<Exception> RefusedAsync(HttpStatusCode status, string reason, Stream body, CancellationToken cancellationToken) =>
        await EngineError.ReadAsync(status, reason, body, cancellationToken).ConfigureAwait(false);
}
