using System.Globalization;
using System.Net;
using System.Text;

namespace FlourishaSandbox.Transport;

/// <summary>
/// One request on a connection of its own, written by hand. HttpClient cannot close the write side of an upgraded connection, ends it
/// with the first cancelled read, and does not look at an answer that comes while it still sends the body.
/// </summary>
/// <param name="connection">The connection, disposed with the exchange.</param>
internal abstract class HttpExchange(TransportStream connection) : IDisposable
{
    /// <summary>How long a server that took no more of an upload may need to say why.</summary>
    private static readonly TimeSpan s_lastWords = TimeSpan.FromSeconds(5);

    /// <summary>The connection.</summary>
    public TransportStream Connection => connection;

    /// <summary>The connection's read side.</summary>
    public BufferedReadStream Reader { get; } = new(connection);

    /// <summary>The header fields of every request, each with its line's end; a Host at least.</summary>
    protected abstract string Headers { get; }

    /// <summary>Asks for something, and returns the head of the answer and its body, which owns the connection.</summary>
    /// <param name="pathAndQuery">What is asked for.</param>
    /// <param name="cancellationToken">Ends the attempt; the exchange must then be disposed.</param>
    public async Task<(ResponseHead Head, Stream Body)> GetAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        var head = $"GET {pathAndQuery} HTTP/1.1\r\n{Headers}Connection: close\r\n\r\n";
        var answer = await LostAsException(() => StartAsync(async () =>
        {
            await Connection.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);
            return await ResponseHead.ReadAsync(Reader, cancellationToken).ConfigureAwait(false);
        })).ConfigureAwait(false);
        return answer.IsSuccess ? (answer, answer.OpenBody(Reader)) : throw await ErrorAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the server to hand the connection over.</summary>
    /// <param name="pathAndQuery">What is asked for.</param>
    /// <param name="json">The request's body.</param>
    /// <param name="cancellationToken">Ends the attempt; the exchange must then be disposed.</param>
    public async Task UpgradeAsync(string pathAndQuery, byte[] json, CancellationToken cancellationToken)
    {
        var head = string.Create(CultureInfo.InvariantCulture,
            $"POST {pathAndQuery} HTTP/1.1\r\n{Headers}Connection: Upgrade\r\nUpgrade: tcp\r\nContent-Type: application/json\r\nContent-Length: {json.Length}\r\n\r\n");
        var answer = await AskAsync([.. Encoding.ASCII.GetBytes(head), .. json], cancellationToken).ConfigureAwait(false);
        // Engines before 1.20 and some proxies say 200 and hand the connection over all the same.
        if (answer.Status != HttpStatusCode.SwitchingProtocols && !answer.IsSuccess)
            throw await ErrorAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks the server to make the connection one to something else.</summary>
    /// <param name="pathAndQuery">What to.</param>
    /// <param name="cancellationToken">Ends the attempt; the exchange must then be disposed.</param>
    /// <returns>The connection, which owns the exchange.</returns>
    public async Task<Stream> TunnelAsync(string pathAndQuery, CancellationToken cancellationToken)
    {
        var head = $"GET {pathAndQuery} HTTP/1.1\r\n{Headers}Connection: Upgrade\r\nUpgrade: tcp\r\n\r\n";
        var answer = await AskAsync(Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);
        return answer.Status == HttpStatusCode.SwitchingProtocols ? new TunnelStream(this) : throw await ErrorAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a request whose body is written while it is sent, and returns the body of the answer.</summary>
    /// <param name="method">The HTTP method.</param>
    /// <param name="pathAndQuery">What is asked for.</param>
    /// <param name="contentType">The type of the request's body.</param>
    /// <param name="writeBody">Writes the body. It is cancelled when the server refuses the request early.</param>
    /// <param name="cancellationToken">Ends the attempt; the exchange must then be disposed.</param>
    public async Task<Stream> UploadAsync(
        string method, string pathAndQuery, string contentType, Func<Stream, CancellationToken, Task> writeBody, CancellationToken cancellationToken)
    {
        var head = $"{method} {pathAndQuery} HTTP/1.1\r\n{Headers}Connection: close\r\nContent-Type: {contentType}\r\nTransfer-Encoding: chunked\r\n\r\n";
        await LostAsException(async () =>
        {
            await Connection.WriteAsync(Encoding.ASCII.GetBytes(head), cancellationToken).ConfigureAwait(false);
            return true;
        }).ConfigureAwait(false);

        // Both go on at once: the answer may come before the body is through.
        using var stopReading = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = StartAsync(() => ResponseHead.ReadAsync(Reader, stopReading.Token));
        var watching = CancelWhenRefusedAsync(reading, refused);
        var body = new UploadStream(Connection, refused.Token);
        try
        {
            await StartAsync(async () =>
            {
                await writeBody(body, refused.Token).ConfigureAwait(false);
                await body.CompleteAsync(refused.Token).ConfigureAwait(false);
                return true;
            }).ConfigureAwait(false);
        }
        catch (Exception exception) when (refused.IsCancellationRequested || body.Failure is not null)
        {
            // Not the writer's fault: the server, or the caller, has ended the upload. What the server says counts.
            cancellationToken.ThrowIfCancellationRequested();
            await SettleAsync(reading, s_lastWords).ConfigureAwait(false);
            if (!reading.IsCompletedSuccessfully)
                throw Lost($"the connection was lost during the upload: {exception.InnerException?.Message ?? exception.Message}", exception);
        }
        catch
        {
            await stopReading.CancelAsync().ConfigureAwait(false);
            await SettleAsync(reading, s_lastWords).ConfigureAwait(false);
            throw;
        }
        finally
        {
            body.Release();
        }
        var answer = await LostAsException(() => reading).ConfigureAwait(false);
        await watching.ConfigureAwait(false);
        return answer.IsSuccess ? answer.OpenBody(Reader) : throw await ErrorAsync(answer, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose() => Reader.Dispose();

    /// <summary>The exception for a connection that is lost.</summary>
    protected abstract Exception Lost(string message, Exception exception);

    /// <summary>The exception for a request that was refused.</summary>
    protected abstract Task<Exception> RefusedAsync(HttpStatusCode status, string reason, Stream body, CancellationToken cancellationToken);

    // What may block gets a thread of its own: the pool's are few, and everybody's.
    private Task<T> StartAsync<T>(Func<Task<T>> work) =>
        Connection.IsBlocking ? Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap() : work();

    private static async Task CancelWhenRefusedAsync(Task<ResponseHead> reading, CancellationTokenSource refused)
    {
        await SettleAsync(reading, Timeout.InfiniteTimeSpan).ConfigureAwait(false);
        if (reading.IsCompletedSuccessfully && !(await reading.ConfigureAwait(false)).IsSuccess)
        {
            try
            {
                await refused.CancelAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                // The writer had ended by itself.
            }
        }
    }

    private static async Task SettleAsync(Task task, TimeSpan limit)
    {
        try
        {
            await task.WaitAsync(limit).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whoever needs the result awaits the task itself.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
    }

    private Task<ResponseHead> AskAsync(byte[] request, CancellationToken cancellationToken) => LostAsException(async () =>
    {
        await Connection.WriteAsync(request, cancellationToken).ConfigureAwait(false);
        return await ResponseHead.ReadAsync(Reader, cancellationToken).ConfigureAwait(false);
    });

    private async Task<T> LostAsException<T>(Func<Task<T>> step)
    {
        try
        {
            return await step().ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            throw Lost(exception.Message, exception);
        }
    }

    private async Task<Exception> ErrorAsync(ResponseHead answer, CancellationToken cancellationToken)
    {
        var body = answer.OpenBody(Reader);
        await using (body.ConfigureAwait(false))
            return await RefusedAsync(answer.Status, answer.Reason, body, cancellationToken).ConfigureAwait(false);
    }
}
