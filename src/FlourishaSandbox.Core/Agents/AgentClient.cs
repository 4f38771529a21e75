using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agents;

/// <summary>
/// Speaks to one sandbox's agent. Refusals come as <see cref="ConnectException"/>, a lost connection as <see cref="AgentLostException"/>.
/// Safe for concurrent use.
/// </summary>
/// <param name="connection">The way there.</param>
internal sealed class AgentClient(AgentConnection connection) : IDisposable
{
    // A header has five bytes, and most messages some hundred.
    private const int FirstBuffer = 16 << 10;

    // What an agent sends is as hostile as the sandbox: data comes in pieces of 64 KiB, which base64 makes longer by a third.
    private const int LongestMessage = 1 << 20;

    // Lists of files may be longer.
    private const int LongestAnswer = 256 << 20;

    /// <summary>The way there.</summary>
    public AgentConnection Connection => connection;

    /// <summary>Sends a request that has one answer.</summary>
    public Task<TAnswer> CallAsync<TRequest, TAnswer>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Post, path, () => Json(JsonSerializer.SerializeToUtf8Bytes(request, requestType), EnvdProtocol.UnaryContentType), answerType, cancellationToken);

    /// <summary>Gets something.</summary>
    public Task<TAnswer> GetAsync<TAnswer>(string path, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, content: null, answerType, cancellationToken);

    /// <summary>Puts something, and gets what came of it.</summary>
    public Task<TAnswer> PutAsync<TRequest, TAnswer>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Put, path, () => Json(JsonSerializer.SerializeToUtf8Bytes(request, requestType), EnvdProtocol.UnaryContentType), answerType, cancellationToken);

    /// <summary>Posts something whose answer has no content.</summary>
    public async Task PostAsync<TRequest>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(HttpMethod.Post, path, () => Json(JsonSerializer.SerializeToUtf8Bytes(request, requestType), EnvdProtocol.UnaryContentType), timeout: null, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request that is answered by a stream of messages.</summary>
    /// <param name="path">The call.</param>
    /// <param name="request">The request.</param>
    /// <param name="requestType">How to write it.</param>
    /// <param name="answerType">How to read each message.</param>
    /// <param name="timeout">How long the agent is to go on; null for no limit.</param>
    /// <param name="cancellationToken">Ends the stream.</param>
    public async IAsyncEnumerable<TAnswer> StreamAsync<TRequest, TAnswer>(
        string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(request, requestType);
        var envelope = new byte[ConnectEnvelope.HeaderLength + json.Length];
        ConnectEnvelope.WriteHeader(envelope, flags: 0, json.Length);
        json.CopyTo(envelope, ConnectEnvelope.HeaderLength);

        using var response = await OpenAsync(HttpMethod.Post, path, () => Json(envelope, EnvdProtocol.StreamContentType), timeout, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        var reader = new EnvelopeReader(body, FirstBuffer, LongestMessage);
        while (await ReadAsync(reader, cancellationToken).ConfigureAwait(false) is { } message)
            yield return Parse(message.Span, answerType);
    }

    /// <summary>Gets a body that is no JSON. The stream owns the connection, and may block the thread that reads from it.</summary>
    public async Task<Stream> DownloadAsync(string path, CancellationToken cancellationToken)
    {
        var exchange = await ExchangeAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return (await exchange.GetAsync(path, cancellationToken).ConfigureAwait(false)).Body;
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Has the agent make a connection one to something else.</summary>
    public async Task<Stream> TunnelAsync(string path, CancellationToken cancellationToken)
    {
        await ProveTokenAsync(cancellationToken).ConfigureAwait(false);
        var exchange = new AgentExchange(await connection.ConnectAsync(cancellationToken).ConfigureAwait(false), connection.Token);
        try
        {
            return await exchange.TunnelAsync(path, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Sends a body that is no JSON, and returns when the agent has taken all of it.</summary>
    public async Task UploadAsync(string method, string path, string contentType, Func<Stream, CancellationToken, Task> writeBody, CancellationToken cancellationToken)
    {
        using var exchange = await ExchangeAsync(cancellationToken).ConfigureAwait(false);
        var body = await exchange.UploadAsync(method, path, contentType, writeBody, cancellationToken).ConfigureAwait(false);
        await body.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => connection.Dispose();

    private static ByteArrayContent Json(byte[] json, string contentType)
    {
        var content = new ByteArrayContent(json);
        content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        return content;
    }

    // What is sent by hand cannot be sent a second time with another token.
    private async Task ProveTokenAsync(CancellationToken cancellationToken)
    {
        if (!connection.IsTokenProven)
            await GetAsync(EnvdRoutes.Info, EnvdJson.Default.AgentInfo, cancellationToken).ConfigureAwait(false);
    }

    private async Task<AgentExchange> ExchangeAsync(CancellationToken cancellationToken)
    {
        await ProveTokenAsync(cancellationToken).ConfigureAwait(false);
        var stream = await connection.ConnectForBulkAsync(cancellationToken).ConfigureAwait(false);
        return new AgentExchange(stream, connection.Token);
    }

    private static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(EnvelopeReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new AgentLostException(e.Message, e);
        }
    }

    private async Task<TAnswer> SendAsync<TAnswer>(HttpMethod method, string path, Func<HttpContent>? content, JsonTypeInfo<TAnswer> answerType, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(method, path, content, timeout: null, cancellationToken).ConfigureAwait(false);
        try
        {
            var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
            var limited = new LengthLimitedStream(body, LongestAnswer);
            await using (limited.ConfigureAwait(false))
                return await JsonSerializer.DeserializeAsync(limited, answerType, cancellationToken).ConfigureAwait(false) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ConnectException(ConnectCode.Internal, $"the agent's answer cannot be read: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            throw new AgentLostException(e.Message, e);
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(HttpMethod method, string path, Func<HttpContent>? content, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var request = new HttpRequestMessage(method, path) { Content = content?.Invoke() };
            request.Headers.TryAddWithoutValidation(EnvdProtocol.AccessTokenHeader, connection.Token);
            if (timeout is { } limit)
                request.Headers.TryAddWithoutValidation(EnvdProtocol.TimeoutHeader, Math.Max(1, (long)limit.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));

            var asked = connection.Current;
            var response = await SendAsync(request, cancellationToken).ConfigureAwait(false);
            if (response.IsSuccessStatusCode)
            {
                connection.IsTokenProven = true;
                return response;
            }

            using (response)
            {
                // Its address may be another sandbox's by now. Or it was made with another user's key: whoever may use the engine is told the token.
                if (response.StatusCode == HttpStatusCode.Unauthorized && attempt == 1
                    && (await connection.RelocateAsync(asked, cancellationToken).ConfigureAwait(false) || await connection.RenewTokenAsync(cancellationToken).ConfigureAwait(false)))
                    continue;

                var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
                throw await AgentRefusal.ReadAsync(response.StatusCode, body, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
        }
        catch (HttpRequestException e)
        {
            // HttpClient wraps what the connection says.
            Exception cause = e;
            while (cause is not AgentLostException && cause.InnerException is { } inner)
                cause = inner;

            throw cause as AgentLostException ?? new AgentLostException(cause.Message, e);
        }
    }

    private static TAnswer Parse<TAnswer>(ReadOnlySpan<byte> message, JsonTypeInfo<TAnswer> type)
    {
        try
        {
            return JsonSerializer.Deserialize(message, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException e)
        {
            throw new ConnectException(ConnectCode.Internal, $"a message of the agent cannot be read: {e.Message}", e);
        }
    }
}
