using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>Sends requests to one engine over kept connections, and turns refusals and losses into exceptions.</summary>
internal sealed partial class DockerHttp : IDisposable
{
    private static readonly UriCreationOptions s_verbatim = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly HttpClient _http;
    private readonly Func<CancellationToken, Task<Version>> _version;

    /// <summary>Creates the sender. Nothing is connected yet.</summary>
    /// <param name="endpoint">The engine.</param>
    /// <param name="version">Gives the version of the API to speak.</param>
    public DockerHttp(DockerEndpoint endpoint, Func<CancellationToken, Task<Version>> version)
    {
        _version = version;
        Connector = new DockerConnector(endpoint);
        _http = new HttpClient(PlainHttpHandler.Create(Connector.ConnectAsync)) { Timeout = Timeout.InfiniteTimeSpan };
    }

    /// <summary>Opens connections of their own, for what HttpClient cannot do.</summary>
    public DockerConnector Connector { get; }

    /// <summary>A path below the version of the API that is spoken.</summary>
    public async Task<string> VersionedAsync(DockerPath path, CancellationToken cancellationToken) =>
        $"/v{await _version(cancellationToken).ConfigureAwait(false)}{path}";

    /// <summary>Sends a request whose answer has no content of interest.</summary>
    public async Task SendAsync(HttpMethod method, DockerPath path, HttpContent? content, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        // Reading to the end lets the connection be used again.
        await ReadAsync(response, static async (body, token) =>
        {
            await body.CopyToAsync(Stream.Null, token).ConfigureAwait(false);
            return true;
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gets JSON.</summary>
    public Task<T> GetAsync<T>(DockerPath path, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, content: null, type, cancellationToken);

    /// <summary>Gets JSON; null where the engine does not have it.</summary>
    public async Task<T?> FindAsync<T>(DockerPath path, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await GetAsync(path, type, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException exception) when (exception.IsNotFound)
        {
            return null;
        }
    }

    /// <summary>Sends a request that is answered with JSON.</summary>
    public async Task<T> SendAsync<T>(HttpMethod method, DockerPath path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(method, path, content, cancellationToken).ConfigureAwait(false);
        var status = response.StatusCode;
        return await ReadAsync(response, async (body, token) =>
        {
            try
            {
                return await JsonSerializer.DeserializeAsync(body, type, token).ConfigureAwait(false)
                    ?? throw new JsonException("it is null");
            }
            catch (JsonException exception)
            {
                throw new DockerException(status, $"The engine's answer to {method} {path} is not what its API promises: {exception.Message}", exception);
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request and returns when the answer's head has come. The caller disposes the answer.</summary>
    /// <exception cref="DockerException">The engine refused.</exception>
    /// <exception cref="DockerUnreachableException">There is no connection, or it was lost before the answer.</exception>
    public async Task<HttpResponseMessage> OpenAsync(HttpMethod method, DockerPath path, HttpContent? content, CancellationToken cancellationToken) =>
        await OpenVerbatimAsync(method, await VersionedAsync(path, cancellationToken).ConfigureAwait(false), content, cancellationToken).ConfigureAwait(false);

    /// <summary>The same for a path that is not below a version, which is how the version is found out.</summary>
    public async Task<HttpResponseMessage> OpenVerbatimAsync(HttpMethod method, string pathAndQuery, HttpContent? content, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri("http://docker" + pathAndQuery, s_verbatim)) { Content = content };
        HttpResponseMessage response;
        try
        {
            response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException exception)
        {
            throw Unreachable(exception);
        }
        // 304: it is already as asked (a container that runs, or has stopped).
        if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            return response;
        using (response)
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            throw await EngineError.ReadAsync(response.StatusCode, response.ReasonPhrase, body, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>JSON to send, with its length.</summary>
    public static ByteArrayContent Json<T>(T value, JsonTypeInfo<T> type)
    {
        var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(value, type));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    /// <summary>Wraps the loss of a connection.</summary>
    public DockerUnreachableException Unreachable(Exception exception)
    {
        // HttpClient wraps what the connector says, which is already what the user shall read.
        for (Exception? cause = exception; cause is not null; cause = cause.InnerException)
            if (cause is DockerUnreachableException unreachable)
                return unreachable;
        var innermost = exception;
        while (innermost.InnerException is { } next)
            innermost = next;
        return new DockerUnreachableException(Connector.Endpoint, innermost.Message, exception);
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<Stream, CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            await using (body.ConfigureAwait(false))
                return await read(body, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            throw Unreachable(exception);
        }
    }
}
