using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Process;

namespace FlourishaSandbox.Agent.Tests;

/// <summary>Calls to an agent, as plainly as they can be made.</summary>
public sealed class AgentHttp : IDisposable
{
    public AgentHttp(Uri address, string? token)
    {
        // Hanging up is to be just that, without listening for two more seconds.
        Client = new HttpClient(new SocketsHttpHandler { ResponseDrainTimeout = TimeSpan.Zero }) { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };
        if (token is not null)
            Client.DefaultRequestHeaders.Add(EnvdProtocol.AccessTokenHeader, token);
    }

    public HttpClient Client { get; }

    private static EnvdJson Json => EnvdJson.Default;

    /// <summary>A shell's command as a request.</summary>
    public static StartRequest Shell(string script) => new() { Process = new ProcessConfig { Cmd = "/bin/sh", Args = ["-c", script] }, Flourisha = new StartOptions() };

    /// <summary>Which process is meant.</summary>
    public static ProcessSelector Select(int pid) => new() { Pid = pid };

    /// <summary>A call with one answer; throws what the agent says is wrong.</summary>
    public async Task<TResponse> CallAsync<TRequest, TResponse>(string path, TRequest request, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TResponse> responseType)
    {
        using var content = Content(JsonSerializer.SerializeToUtf8Bytes(request, requestType), EnvdProtocol.UnaryContentType);
        using var response = await Client.PostAsync(new Uri(path, UriKind.Relative), content);
        var body = await response.Content.ReadAsByteArrayAsync();
        if (response.IsSuccessStatusCode)
            return JsonSerializer.Deserialize(body, responseType)!;

        var error = JsonSerializer.Deserialize(body, Json.ConnectError)!;
        var code = ConnectCodes.FromName(error.Code);
        Assert.Equal(ConnectCodes.ToStatus(code), (int)response.StatusCode);
        throw new ConnectException(code, error.Message!);
    }

    /// <summary>The events of a process that is started.</summary>
    public IAsyncEnumerable<ProcessEvent> StartAsync(StartRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => StreamAsync(EnvdRoutes.Process + "Start", JsonSerializer.SerializeToUtf8Bytes(request, Json.StartRequest), timeout, cancellationToken);

    /// <summary>The events of a process that there is.</summary>
    public IAsyncEnumerable<ProcessEvent> ConnectAsync(ConnectRequest request, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
        => StreamAsync(EnvdRoutes.Process + "Connect", JsonSerializer.SerializeToUtf8Bytes(request, Json.ConnectRequest), timeout, cancellationToken);

    /// <summary>Runs a process to its end.</summary>
    public async Task<ProcessRun> RunAsync(StartRequest request, TimeSpan? timeout = null) => await ProcessRun.ReadAsync(StartAsync(request, timeout));

    /// <summary>Runs a shell's command to its end.</summary>
    public Task<ProcessRun> RunAsync(string script) => RunAsync(Shell(script));

    /// <summary>Starts a process and hangs up, as soon as it runs.</summary>
    public async Task<int> LaunchAsync(StartRequest request)
    {
        await foreach (var what in StartAsync(request))
            return what.Start!.Pid;

        throw new InvalidOperationException("The stream had no event.");
    }

    /// <summary>Follows a process from some point on.</summary>
    public Task<ProcessRun> FollowAsync(int pid, long offset = 0, bool follow = true)
        => ProcessRun.ReadAsync(ConnectAsync(new ConnectRequest { Process = Select(pid), Flourisha = new ConnectOptions { Offset = offset, NoFollow = !follow } }));

    public Task<ListResponse> ListAsync(bool all = false)
        => CallAsync(EnvdRoutes.Process + "List", new ListRequest { Flourisha = new ListOptions(all) }, Json.ListRequest, Json.ListResponse);

    public Task SendInputAsync(int pid, ProcessInput input)
        => CallAsync(EnvdRoutes.Process + "SendInput", new SendInputRequest(Select(pid), input), Json.SendInputRequest, Json.EmptyMessage);

    public Task SendInputAsync(int pid, string text) => SendInputAsync(pid, new ProcessInput { Stdin = Encoding.UTF8.GetBytes(text) });

    public Task CloseStdinAsync(int pid) => CallAsync(EnvdRoutes.Process + "CloseStdin", new CloseStdinRequest(Select(pid)), Json.CloseStdinRequest, Json.EmptyMessage);

    public Task SignalAsync(int pid, Signal signal)
        => CallAsync(EnvdRoutes.Process + "SendSignal", new SendSignalRequest(Select(pid), signal), Json.SendSignalRequest, Json.EmptyMessage);

    public Task ResizeAsync(int pid, int columns, int rows)
        => CallAsync(EnvdRoutes.Process + "Update", new UpdateRequest(Select(pid), new Pty(new PtySize(columns, rows))), Json.UpdateRequest, Json.EmptyMessage);

    public Task<StopResponse> StopAsync(int pid, int graceMs)
        => CallAsync(EnvdRoutes.Stop, new StopRequest(Select(pid), graceMs), Json.StopRequest, Json.StopResponse);

    public async Task<bool> IsHealthyAsync()
    {
        using var response = await Client.GetAsync(new Uri(EnvdRoutes.Health, UriKind.Relative));
        return response.StatusCode == HttpStatusCode.NoContent;
    }

    /// <summary>A message with what comes before it.</summary>
    public static byte[] Envelope(byte flags, ReadOnlySpan<byte> message)
    {
        var envelope = new byte[ConnectEnvelope.HeaderLength + message.Length];
        ConnectEnvelope.WriteHeader(envelope, flags, message.Length);
        message.CopyTo(envelope.AsSpan(ConnectEnvelope.HeaderLength));
        return envelope;
    }

    public static ByteArrayContent Content(byte[] bytes, string type)
    {
        var content = new ByteArrayContent(bytes);
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        return content;
    }

    /// <summary>Sends any bytes as a stream's request.</summary>
    public async Task<HttpResponseMessage> PostStreamAsync(string path, byte[] body, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = Content(body, EnvdProtocol.StreamContentType) };
        if (timeout is { } span)
            request.Headers.Add(EnvdProtocol.TimeoutHeader, ((long)span.TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture));

        return await Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Sends any bytes as a stream's request, and returns the code of the error that it ends with; null where it ends well.</summary>
    public async Task<ConnectCode?> PostBrokenStreamAsync(string path, byte[] body)
    {
        using var response = await PostStreamAsync(path, body);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        try
        {
            await foreach (var (_, _) in ReadEnvelopesAsync(response, CancellationToken.None))
            {
                // What comes before the end does not matter here.
            }

            return null;
        }
        catch (ConnectException exception)
        {
            return exception.Code;
        }
    }

    public void Dispose() => Client.Dispose();

    private async IAsyncEnumerable<ProcessEvent> StreamAsync(string path, byte[] message, TimeSpan? timeout, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await PostStreamAsync(path, Envelope(0, message), timeout, cancellationToken);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await foreach (var (_, bytes) in ReadEnvelopesAsync(response, cancellationToken))
            yield return JsonSerializer.Deserialize(bytes, Json.ProcessEventResponse)!.Event!;
    }

    private static async IAsyncEnumerable<(byte Flags, byte[] Message)> ReadEnvelopesAsync(HttpResponseMessage response, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        var header = new byte[ConnectEnvelope.HeaderLength];
        while (true)
        {
            await stream.ReadExactlyAsync(header, cancellationToken);
            var message = new byte[System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(1))];
            await stream.ReadExactlyAsync(message, cancellationToken);
            if ((header[0] & ConnectEnvelope.EndStreamFlag) == 0)
            {
                yield return (header[0], message);
                continue;
            }

            // Nothing comes after the end.
            Assert.Equal(0, await stream.ReadAsync(header, cancellationToken));
            if (JsonSerializer.Deserialize(message, Json.EndStream)!.Error is { } error)
                throw new ConnectException(ConnectCodes.FromName(error.Code), error.Message!);

            yield break;
        }
    }
}
