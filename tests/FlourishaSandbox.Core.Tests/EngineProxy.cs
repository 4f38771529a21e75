using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Core.Tests;

/// <summary>
/// Stands between a client and the real engine on a Unix socket of its own, passes everything on, and can spoil single requests. Every
/// connection carries one request, so that nothing but its head has to be understood.
/// </summary>
internal sealed partial class EngineProxy : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly DockerConnector _engine = new(DockerEndpoint.Resolve());
    private readonly CancellationTokenSource _end = new();
    private readonly Lock _lock = new();
    private readonly List<Rule> _armed = [];
    private readonly Task _accepting;

    public EngineProxy()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(_folder["s"]));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    public string Address => "unix://" + _folder["s"];

    /// <summary>While true every connection is closed at once, as when the daemon has gone away.</summary>
    public bool IsDown { get; set; }

    /// <summary>The requests so far, as <c>POST /containers/create</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Spoils the next request that matches, once.</summary>
    /// <param name="request">A regular expression for method and path, without version and query.</param>
    /// <param name="spoil">What is done instead of passing it on.</param>
    public void Next(string request, Func<ProxiedRequest, Task> spoil)
    {
        lock (_lock)
            _armed.Add(new Rule(new Regex($@"\A{request}\z"), spoil, Once: true));
    }

    /// <summary>Spoils every request that matches, until <see cref="Calm"/>: a client tries again where a connection is lost before it got an answer.</summary>
    public void Always(string request, Func<ProxiedRequest, Task> spoil)
    {
        lock (_lock)
            _armed.Add(new Rule(new Regex($@"\A{request}\z"), spoil, Once: false));
    }

    /// <summary>Passes everything on from now.</summary>
    public void Calm()
    {
        lock (_lock)
            _armed.Clear();
    }

    /// <summary>Whether everything that was armed has happened, so that a test knows that it tested something.</summary>
    public bool IsSpent
    {
        get
        {
            lock (_lock)
                return _armed.TrueForAll(rule => rule.Happened);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _folder.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ServeAsync(await _listener.AcceptAsync()));
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (IsDown || await ReadHeadAsync(socket) is not { } head)
                    return;

                var line = RequestLine().Match(head);
                var name = $"{line.Groups["method"].Value} {line.Groups["path"].Value}";
                var request = new ProxiedRequest(socket, _engine, Unkept(head), _end.Token);
                await (Take(name) is { } spoil ? spoil(request) : request.PassAsync());
            }
            catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
            {
                // One of the two sides went away, which is what the tests are about.
            }
        }
    }

    private Func<ProxiedRequest, Task>? Take(string name)
    {
        lock (_lock)
        {
            Requests.Add(name);
            var index = _armed.FindIndex(armed => armed.Request.IsMatch(name));
            if (index < 0)
                return null;
            var rule = _armed[index];
            rule.Happened = true;
            if (rule.Once)
                _armed.RemoveAt(index);
            return rule.Spoil;
        }
    }

    private static string Unkept(string head) =>
        head.Contains("\r\nConnection:", StringComparison.OrdinalIgnoreCase) ? head : head[..^2] + "Connection: close\r\n\r\n";

    private static async Task<string?> ReadHeadAsync(Socket socket)
    {
        var head = new StringBuilder();
        var single = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await socket.ReceiveAsync(single) == 0)
                return null;
            head.Append((char)single[0]);
        }

        return head.ToString();
    }

    private sealed record Rule(Regex Request, Func<ProxiedRequest, Task> Spoil, bool Once)
    {
        public bool Happened { get; set; }
    }

    [GeneratedRegex(@"\A(?<method>\S+) (?:/v[0-9.]+)?(?<path>[^? ]+)")]
    private static partial Regex RequestLine();
}

/// <summary>A request on its way to the engine.</summary>
internal sealed partial class ProxiedRequest(Socket client, DockerConnector engine, string head, CancellationToken end)
{
    /// <summary>Passes it on, and the answer back.</summary>
    /// <param name="answerLimit">Cuts the answer after so many bytes of its stream.</param>
    public async Task PassAsync(long answerLimit = long.MaxValue)
    {
        await using var upstream = await SendAsync();
        var request = PumpRequestAsync(upstream);
        var buffer = new byte[64 << 10];
        while (answerLimit > 0 && await upstream.ReadAsync(buffer.AsMemory(0, (int)Math.Min(buffer.Length, answerLimit)), end) is > 0 and var read)
        {
            answerLimit -= read;
            await SendAllAsync(buffer.AsMemory(0, read));
        }

        client.Shutdown(SocketShutdown.Both);
        await request;
    }

    /// <summary>Answers in the engine's place; it never hears of the request.</summary>
    public async Task AnswerAsync(int status, string message)
    {
        await TakeBodyAsync();
        await SendErrorAsync(status, message);
    }

    /// <summary>The engine does as it is asked, but its answer is an error.</summary>
    public async Task AnswerAfterwardsAsync(int status, string message)
    {
        await CutAfterwardsAsync(close: false);
        await SendErrorAsync(status, message);
    }

    /// <summary>The connection is lost before the engine hears of the request.</summary>
    public Task CutAsync()
    {
        client.Close();
        return Task.CompletedTask;
    }

    /// <summary>The engine does as it is asked, and then the connection is lost.</summary>
    public async Task CutAfterwardsAsync(bool close = true)
    {
        await using var upstream = await SendAsync();
        await upstream.WriteAsync(await TakeBodyAsync(), end);
        var buffer = new byte[64 << 10];
        while (await upstream.ReadAsync(buffer, end) > 0)
            continue;
        if (close)
            client.Close();
    }

    /// <summary>The connection is lost as soon as the engine has heard of the request, while it is at it.</summary>
    public async Task CutMeanwhileAsync()
    {
        await using var upstream = await SendAsync();
        await upstream.WriteAsync(await TakeBodyAsync(), end);
        client.Close();
        var buffer = new byte[64 << 10];
        while (await upstream.ReadAsync(buffer, end) > 0)
            continue;
    }

    /// <summary>The request is taken and never answered; ends when the client goes away.</summary>
    public async Task HangAsync()
    {
        await TakeBodyAsync();
        await client.ReceiveAsync(new byte[1], end);
    }

    private async Task<TransportStream> SendAsync()
    {
        var upstream = await engine.ConnectAsync(end);
        await upstream.WriteAsync(Encoding.ASCII.GetBytes(head), end);
        return upstream;
    }

    private async Task PumpRequestAsync(TransportStream upstream)
    {
        try
        {
            var buffer = new byte[64 << 10];
            while (await client.ReceiveAsync(buffer, end) is > 0 and var read)
                await upstream.WriteAsync(buffer.AsMemory(0, read), end);
            await upstream.CloseWriteAsync(end);
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The engine has answered and closed, or the client went away.
        }
    }

    private async Task<byte[]> TakeBodyAsync()
    {
        var length = ContentLength().Match(head) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        var body = new byte[length];
        for (var filled = 0; filled < length;)
        {
            var read = await client.ReceiveAsync(body.AsMemory(filled), end);
            filled += read > 0 ? read : throw new IOException("The client closed the connection in its request's body.");
        }

        return body;
    }

    private async Task SendErrorAsync(int status, string message)
    {
        var body = $$"""{"message":"{{message}}"}""";
        await SendAllAsync(Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    private async Task SendAllAsync(ReadOnlyMemory<byte> data)
    {
        while (data.Length > 0)
            data = data[await client.SendAsync(data, end)..];
    }

    [GeneratedRegex(@"\r\nContent-Length: (\d+)\r\n", RegexOptions.IgnoreCase)]
    private static partial Regex ContentLength();
}
