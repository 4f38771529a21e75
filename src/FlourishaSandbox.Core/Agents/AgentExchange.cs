using System.Net;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Agents;

/// <summary>One request to an agent on a connection of its own.</summary>
/// <param name="connection">The connection.</param>
/// <param name="token">The access token; null for the one request that needs none.</param>
internal sealed class AgentExchange(TransportStream connection, string? token) : HttpExchange(connection)
{
    /// <inheritdoc/>
    protected override string Headers => token is null ? "Host: agent\r\n" : $"Host: agent\r\n{EnvdProtocol.AccessTokenHeader}: {token}\r\n";

    /// <inheritdoc/>
    protected override Exception Lost(string message, Exception exception) => new AgentLostException(message, exception);

    /// <inheritdoc/>
    protected override Task<Exception> RefusedAsync(HttpStatusCode status, string reason, Stream body, CancellationToken cancellationToken) =>
        AgentRefusal.ReadAsync(status, body, cancellationToken);
}
