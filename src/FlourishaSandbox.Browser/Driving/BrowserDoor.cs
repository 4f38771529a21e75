using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// Where Playwright's driver, a process of its own, reaches the browser: a port on this machine's loopback, behind which the agent's tunnel
/// begins. Every process of this machine can connect to it, so it opens to none that does not know its secret.
/// </summary>
internal sealed class BrowserDoor : IAsyncDisposable
{
    /// <summary>The most bytes of a message from the browser: room for the largest picture that is taken.</summary>
    public const long LongestMessage = 128L << 20;

    private const int LongestHead = 16 << 10;
    private static readonly TimeSpan s_headLimit = TimeSpan.FromSeconds(10);

    private readonly ISandboxPorts _ports;
    private readonly Sandbox _sandbox;
    private readonly string _path;
    private readonly string _secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32)).ToLowerInvariant();
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly ConcurrentDictionary<Task, bool> _visits = new();
    private readonly Task _listening;

    /// <summary>Begins to listen.</summary>
    /// <param name="ports">Leads into sandboxes.</param>
    /// <param name="sandbox">The browser's sandbox.</param>
    /// <param name="path">By which the browser is driven.</param>
    public BrowserDoor(ISandboxPorts ports, Sandbox sandbox, string path)
    {
        (_ports, _sandbox, _path) = (ports, sandbox, path);
        _listener.Start();
        Url = $"ws://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}/{_secret}";
        _listening = ListenAsync();
    }

    /// <summary>The URL, a secret.</summary>
    public string Url { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        _listener.Stop();
        await _listening.ConfigureAwait(false);
        await Task.WhenAll(_visits.Keys).ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var visitor = await _listener.AcceptSocketAsync(_end.Token).ConfigureAwait(false);
                var visit = ServeAsync(visitor);
                _visits[visit] = true;
                _ = visit.ContinueWith(done => _visits.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (StreamPair.IsEnd(e))
        {
            // It was closed.
        }
    }

    private async Task ServeAsync(Socket visitor)
    {
        visitor.NoDelay = true;
        var stream = new NetworkStream(visitor, ownsSocket: true);
        await using (stream.ConfigureAwait(false))
        {
            try
            {
                if (await ReadKeyAsync(stream).ConfigureAwait(false) is not { } key)
                    return;

                // Written anew: neither the secret nor anything else that was said goes on. Without extensions frames stay as long as they say.
                var head = $"GET {_path} HTTP/1.1\r\nHost: 127.0.0.1:{BrowserSandboxes.DebugPort}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key}\r\n\r\n";
                var browser = await _ports.ConnectAsync(_sandbox, BrowserSandboxes.DebugPort, _end.Token).ConfigureAwait(false);
                await using (browser.ConfigureAwait(false))
                {
                    await browser.WriteAsync(Encoding.ASCII.GetBytes(head), _end.Token).ConfigureAwait(false);
                    await PassHeadAsync(browser, stream).ConfigureAwait(false);
                    await StreamPair.JoinAsync(stream, browser, new FrameFilter(LongestMessage, TimeProvider.System), _end.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (StreamPair.IsEnd(e))
            {
                // The driver notices that its connection has gone, and says so where it matters.
            }
        }
    }

    // The visitor's key of the WebSocket; null for one who does not know the secret.
    private async Task<string?> ReadKeyAsync(Stream stream)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        limit.CancelAfter(s_headLimit);
        var lines = Encoding.ASCII.GetString(await ReadHeadAsync(stream, limit.Token).ConfigureAwait(false)).Split("\r\n");
        var isKnown = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(lines[0]), Encoding.ASCII.GetBytes($"GET /{_secret} HTTP/1.1"));
        const string Name = "Sec-WebSocket-Key:";
        var key = lines.FirstOrDefault(line => line.StartsWith(Name, StringComparison.OrdinalIgnoreCase))?[Name.Length..].Trim();
        return isKnown && key is { Length: > 0 } && key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '+' or '/' or '=') ? key : null;
    }

    private async Task PassHeadAsync(Stream browser, Stream visitor) =>
        await visitor.WriteAsync(await ReadHeadAsync(browser, _end.Token).ConfigureAwait(false), _end.Token).ConfigureAwait(false);

    // By the byte: what follows the head is not ours to take.
    private static async Task<byte[]> ReadHeadAsync(Stream stream, CancellationToken cancellationToken)
    {
        var head = new List<byte>(512);
        var one = new byte[1];
        while (!(head.Count >= 4 && head[^1] == '\n' && head[^2] == '\r' && head[^3] == '\n' && head[^4] == '\r'))
        {
            if (head.Count >= LongestHead || await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 0)
                throw new IOException("there is no head");

            head.Add(one[0]);
        }

        return [.. head];
    }
}
