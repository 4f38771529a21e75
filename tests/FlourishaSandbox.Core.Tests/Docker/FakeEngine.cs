using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Core.Tests.Docker;

/// <summary>
/// A fake engine on a Unix socket, only for what a real one cannot be made to do: die in the middle, break an answer off, talk nonsense,
/// be too old. It answers pings; everything else is the test's.
/// </summary>
internal sealed class FakeEngine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly Func<string, NetworkStream, Task> _answer;
    private readonly Task _accepting;
    private readonly string? _apiVersion;

    public FakeEngine(Func<string, NetworkStream, Task> answer, string? apiVersion = "1.41")
    {
        _answer = answer;
        _apiVersion = apiVersion;
        _listener.Bind(new UnixDomainSocketEndPoint(_folder["s"]));
        _listener.Listen();
        _accepting = AcceptAsync();
        Client = new DockerClient(DockerEndpoint.Resolve("unix://" + _folder["s"]));
    }

    /// <summary>An engine that answers with the given bytes and closes the connection.</summary>
    public static FakeEngine Saying(string text) => new((_, stream) => stream.WriteAsync(Encoding.UTF8.GetBytes(text)).AsTask());

    public DockerClient Client { get; }

    public string SocketPath => _folder["s"];

    /// <summary>The first lines of all requests but pings.</summary>
    public List<string> Requests { get; } = [];

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        _listener.Dispose();
        await _accepting;
        _folder.Dispose();
    }

    public static byte[] Answer(int status, string body, string headers = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {status} X\r\n{headers}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

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
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await ReadHeadAsync(stream) is { } head)
            {
                if (head.StartsWith("GET /_ping ", StringComparison.Ordinal))
                {
                    await stream.WriteAsync(Answer(200, "OK", _apiVersion is null ? "" : $"Api-Version: {_apiVersion}\r\n"));
                    continue;
                }
                lock (Requests)
                    Requests.Add(head[..head.IndexOf('\r', StringComparison.Ordinal)]);
                await _answer(head, stream);
                return;
            }
        }
        catch (IOException)
        {
            // The client went away, which is what some tests are about.
        }
    }

    private static async Task<string?> ReadHeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var single = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(single) == 0)
                return null;
            head.Append((char)single[0]);
        }
        return head.ToString();
    }
}
