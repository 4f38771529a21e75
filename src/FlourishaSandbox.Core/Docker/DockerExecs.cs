using System.Globalization;
using System.Text.Json;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>Commands in running containers, carried by the engine.</summary>
internal sealed class DockerExecs(DockerHttp http)
{
    /// <summary>Prepares a command.</summary>
    /// <param name="containerId">The container's id or name; it must run.</param>
    /// <param name="request">The command.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <returns>The command's id.</returns>
    public async Task<string> CreateAsync(string containerId, ExecCreateRequest request, CancellationToken cancellationToken) =>
        (await http.SendAsync(HttpMethod.Post, new DockerPath("containers", containerId, "exec"),
            DockerHttp.Json(request, DockerJson.Default.ExecCreateRequest), DockerJson.Default.IdOnly, cancellationToken).ConfigureAwait(false)).Id;

    /// <summary>Starts a command and connects to it. Disposing the stream does not end the command.</summary>
    /// <param name="execId">The command.</param>
    /// <param name="tty">Whether it was prepared with a terminal; output then comes as one stream.</param>
    /// <param name="cancellationToken">Ends the request, not the stream that it returns.</param>
    /// <exception cref="DockerException">The engine refused; where the program does not exist, some engines say so here and some in the output.</exception>
    public async Task<MultiplexedStream> StartAsync(string execId, bool tty, CancellationToken cancellationToken)
    {
        var path = await http.VersionedAsync(StartPath(execId), cancellationToken).ConfigureAwait(false);
        var json = JsonSerializer.SerializeToUtf8Bytes(new ExecStartRequest { Tty = tty }, DockerJson.Default.ExecStartRequest);
        var exchange = await DockerExchange.OpenAsync(http.Connector, cancellationToken).ConfigureAwait(false);
        try
        {
            await exchange.UpgradeAsync(path, json, cancellationToken).ConfigureAwait(false);
            return new MultiplexedStream(exchange.Reader, exchange.Connection, tty, exchange);
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Starts a command without connecting to it.</summary>
    public Task StartDetachedAsync(string execId, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, StartPath(execId),
            DockerHttp.Json(new ExecStartRequest { Detach = true }, DockerJson.Default.ExecStartRequest), cancellationToken);

    /// <summary>Tells a command's terminal its size.</summary>
    /// <param name="execId">The command, which must run with a terminal.</param>
    /// <param name="rows">Height, in characters.</param>
    /// <param name="columns">Width, in characters.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task ResizeAsync(string execId, int rows, int columns, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("exec", execId, "resize")
            .With("h", rows.ToString(CultureInfo.InvariantCulture))
            .With("w", columns.ToString(CultureInfo.InvariantCulture)), content: null, cancellationToken);

    /// <summary>Whether a command runs, and how it ended.</summary>
    public Task<ExecInspection> InspectAsync(string execId, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("exec", execId, "json"), DockerJson.Default.ExecInspection, cancellationToken);

    private static DockerPath StartPath(string execId) => new("exec", execId, "start");
}
