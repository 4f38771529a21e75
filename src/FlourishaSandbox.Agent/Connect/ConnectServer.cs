using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Agent.Http;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>The server's side of Connect: one message or many, each way. What a handler throws becomes the protocol's own error.</summary>
internal static class ConnectServer
{
    /// <summary>Serves a call with one request and one answer.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="requestType">How the request is read.</param>
    /// <param name="responseType">How the answer is written.</param>
    /// <param name="handler">What answers. Its token is canceled when the client has gone or its time is over.</param>
    /// <returns>Serving.</returns>
    public static async Task UnaryAsync<TRequest, TResponse>(
        HttpContext context, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType, Func<TRequest, CancellationToken, ValueTask<TResponse>> handler)
    {
        if (!ConnectCall.Check(context, EnvdProtocol.UnaryContentType))
            return;

        CancellationTokenSource? time = null;
        try
        {
            RefuseEncoding(context, "Content-Encoding");
            time = StartTime(context, ConnectCall.Timeout(context));
            var request = ConnectMessage.Parse(await PlainHttp.ReadBodyAsync(context), requestType);
            var response = await handler(request, time?.Token ?? context.RequestAborted);
            await PlainHttp.WriteJsonAsync(context, response, responseType);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            var failure = Failure.From(exception, context, time);
            await PlainHttp.WriteJsonAsync(context, Error(failure), EnvdJson.Default.ConnectError, ConnectCodes.ToStatus(failure.Code));
        }
        finally
        {
            time?.Dispose();
        }
    }

    /// <summary>Serves a call with one request and a stream of answers.</summary>
    /// <typeparam name="TRequest">The request.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="requestType">How the request is read.</param>
    /// <param name="handler">What answers. Its token is canceled when the client has gone and, unless it has its own use of it, when its time is over.</param>
    /// <param name="endsAtTimeout">Whether the stream ends with <see cref="ConnectCode.DeadlineExceeded"/> when the client's time is over; else the handler sees to it.</param>
    /// <returns>Serving.</returns>
    public static Task StreamAsync<TRequest>(
        HttpContext context, JsonTypeInfo<TRequest> requestType, Func<TRequest, ConnectStream, CancellationToken, Task> handler, bool endsAtTimeout = true)
        => AnswerAsync(
            context,
            async (stream, cancellationToken) =>
            {
                TRequest? request = default;
                var count = 0;
                await foreach (var message in ReadAsync(context, requestType, cancellationToken))
                {
                    request = ++count == 1 ? message : throw new ConnectException(ConnectCode.InvalidArgument, "there is more than one message");
                }

                if (count == 0)
                    throw new ConnectException(ConnectCode.InvalidArgument, "there is no message");

                await handler(request!, stream, cancellationToken);
            },
            endsAtTimeout);

    /// <summary>Serves a call with a stream of requests and one answer.</summary>
    /// <typeparam name="TRequest">A request.</typeparam>
    /// <typeparam name="TResponse">The answer.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="requestType">How a request is read.</param>
    /// <param name="responseType">How the answer is written.</param>
    /// <param name="handler">What reads the requests to their end, and answers.</param>
    /// <returns>Serving.</returns>
    public static Task ClientStreamAsync<TRequest, TResponse>(
        HttpContext context,
        JsonTypeInfo<TRequest> requestType,
        JsonTypeInfo<TResponse> responseType,
        Func<IAsyncEnumerable<TRequest>, CancellationToken, ValueTask<TResponse>> handler)
        => AnswerAsync(
            context,
            async (stream, cancellationToken) =>
            {
                var response = await handler(ReadAsync(context, requestType, cancellationToken), cancellationToken);
                await stream.WriteAsync(response, responseType, cancellationToken);
            },
            endsAtTimeout: true);

    private static async Task AnswerAsync(HttpContext context, Func<ConnectStream, CancellationToken, Task> answer, bool endsAtTimeout)
    {
        if (!ConnectCall.Check(context, EnvdProtocol.StreamContentType))
            return;

        context.Response.ContentType = EnvdProtocol.StreamContentType;
        CancellationTokenSource? time = null;
        var end = new EndStream();
        var stream = new ConnectStream(context.Response.BodyWriter, ConnectCall.Keepalive(context), null);
        try
        {
            RefuseEncoding(context, "Connect-Content-Encoding");
            var timeout = ConnectCall.Timeout(context);
            stream = new ConnectStream(context.Response.BodyWriter, stream.Keepalive, timeout);
            time = StartTime(context, endsAtTimeout ? timeout : null);
            await answer(stream, time?.Token ?? context.RequestAborted);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested)
        {
            end = new EndStream(Error(Failure.From(exception, context, time)));
        }
        finally
        {
            time?.Dispose();
        }

        await stream.EndAsync(end, EnvdJson.Default.EndStream, context.RequestAborted);
    }

    private static async IAsyncEnumerable<T> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            try
            {
                while (Take(ref buffer, type, out var message))
                    yield return message;
            }
            finally
            {
                // Also when a message is refused: the server reads past what is left of the request.
                reader.AdvanceTo(buffer.Start, buffer.End);
            }

            if (!read.IsCompleted)
                continue;

            if (!buffer.IsEmpty)
                throw new ConnectException(ConnectCode.InvalidArgument, "the last message has no end");

            yield break;
        }
    }

    private static bool Take<T>(ref ReadOnlySequence<byte> buffer, JsonTypeInfo<T> type, out T message)
    {
        message = default!;
        if (!ConnectEnvelope.TryRead(ref buffer, out var flags, out var bytes))
            return false;

        if (flags != 0)
            throw new ConnectException(ConnectCode.InvalidArgument, "a client's stream ends with its body, and not with a message");

        message = ConnectMessage.Parse(bytes.IsSingleSegment ? bytes.FirstSpan : bytes.ToArray(), type);
        return true;
    }

    private static CancellationTokenSource? StartTime(HttpContext context, TimeSpan? timeout)
    {
        if (timeout is not { } span)
            return null;

        var time = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        time.CancelAfter(span);
        return time;
    }

    private static void RefuseEncoding(HttpContext context, string header)
    {
        var encoding = context.Request.Headers[header].ToString();
        if (encoding is not ("" or "identity"))
            throw new ConnectException(ConnectCode.Unimplemented, $"messages in the encoding '{encoding}' are not taken");
    }

    private static ConnectError Error(ConnectException failure) => new(ConnectCodes.ToName(failure.Code), failure.Message);
}
