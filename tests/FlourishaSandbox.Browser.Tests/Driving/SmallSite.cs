using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FlourishaSandbox.Browser.Tests.Driving;

/// <summary>A web server on this machine's loopback that answers what a test says, as plainly as it can be done.</summary>
internal sealed class SmallSite : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, (int Status, string Type, string Body)> _answer;

    /// <summary>Begins to serve.</summary>
    /// <param name="answer">What comes for a path.</param>
    public SmallSite(Func<string, (int Status, string Type, string Body)> answer)
    {
        _answer = answer;
        _listener.Start();
        _ = ServeAsync();
    }

    /// <summary>A site of one page.</summary>
    public SmallSite(string html)
        : this(path => path == "/" ? (200, "text/html", html) : (404, "text/plain", "nothing here"))
    {
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Url => $"http://localhost:{Port}/";

    public void Dispose() => _listener.Stop();

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                await using var stream = client.GetStream();
                using var reader = new StreamReader(stream, Encoding.ASCII);
                while (await reader.ReadLineAsync() is { Length: > 0 } first)
                {
                    while (await reader.ReadLineAsync() is { Length: > 0 })
                    {
                    }

                    var (status, type, body) = _answer(first.Split(' ')[1]);
                    var bytes = Encoding.UTF8.GetBytes(body);
                    await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status} X\r\nContent-Type: {type}; charset=utf-8\r\nContent-Length: {bytes.Length}\r\n\r\n"));
                    await stream.WriteAsync(bytes);
                }
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                // The browser hung up.
            }
        }
    }
}
