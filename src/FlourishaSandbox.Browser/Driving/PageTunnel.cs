using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Text;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>
/// A page's way out of the browser's sandbox, which has no other: Chromium asks for each connection by SOCKS at a port in the sandbox, the agent
/// hands it over, and this process connects it to where the page may go. As long as nobody holds it, the page's connections are refused.
/// </summary>
internal sealed class PageTunnel : IAsyncDisposable
{
    private const int WaitingAtOnce = 3;
    private const int MostConnections = 256;
    private const byte Version = 5;
    private const byte ConnectCommand = 1;
    private const byte AddressV4 = 1;
    private const byte AddressName = 3;
    private const byte AddressV6 = 4;

    private static readonly TimeSpan s_handshakeLimit = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly ISandboxPorts _ports;
    private readonly Sandbox _sandbox;
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _room = new(MostConnections);
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task[] _waiting;

    /// <summary>Begins to take connections.</summary>
    /// <param name="ports">Leads out of sandboxes.</param>
    /// <param name="sandbox">The browser's sandbox.</param>
    /// <param name="port">The port in it.</param>
    /// <param name="destinations">Where the page may go.</param>
    public PageTunnel(ISandboxPorts ports, Sandbox sandbox, int port, PageDestinations destinations)
    {
        (_ports, _sandbox, Port, Destinations) = (ports, sandbox, port, destinations);
        _waiting = [.. Enumerable.Range(0, WaitingAtOnce).Select(_ => Task.Run(AcceptAsync))];
    }

    /// <summary>The port in the browser's sandbox.</summary>
    public int Port { get; }

    /// <summary>Where the page may go.</summary>
    public PageDestinations Destinations { get; }

    /// <summary>Why no more connections are taken; null as long as they are.</summary>
    public SandboxException? Failure { get; private set; }

    /// <summary>The proxy as Chromium is told of it.</summary>
    public string Proxy => $"socks5://127.0.0.1:{Port}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_waiting).ConfigureAwait(false);
        await Task.WhenAll(_connections.Keys).ConfigureAwait(false);
        _end.Dispose();
        _room.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_end.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_end.Token).ConfigureAwait(false);
                Stream stream;
                try
                {
                    stream = await _ports.AcceptAsync(_sandbox, Port, _end.Token).ConfigureAwait(false);
                }
                catch
                {
                    _room.Release();
                    throw;
                }

                var connection = ServeAsync(stream);
                _connections[connection] = true;
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SandboxException e) when (e.Error == SandboxError.AgentUnavailable)
            {
                // Lost, and perhaps not for good: a machine that slept, an engine that is busy.
                try
                {
                    await Task.Delay(s_pause, _end.Token).ConfigureAwait(false);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
            }
            catch (SandboxException e)
            {
                Failure = e;
                return;
            }
        }
    }

    private async Task ServeAsync(Stream page)
    {
        await using (page.ConfigureAwait(false))
        {
            try
            {
                Stream target;
                using (var limit = CancellationTokenSource.CreateLinkedTokenSource(_end.Token))
                {
                    limit.CancelAfter(s_handshakeLimit);
                    var (host, port) = await ReadRequestAsync(page, limit.Token).ConfigureAwait(false);
                    try
                    {
                        target = await Destinations.ConnectAsync(host, port, _end.Token).ConfigureAwait(false);
                    }
                    catch (DestinationException e)
                    {
                        await AnswerAsync(page, e.Code).ConfigureAwait(false);
                        return;
                    }
                }

                await using (target.ConfigureAwait(false))
                {
                    await AnswerAsync(page, 0).ConfigureAwait(false);
                    await StreamPair.JoinAsync(page, target, filter: null, _end.Token).ConfigureAwait(false);
                }
            }
            catch (Exception e) when (StreamPair.IsEnd(e))
            {
                // The page hung up, or talks nonsense: that is the whole answer.
            }
            finally
            {
                _room.Release();
            }
        }
    }

    private static async Task<(string Host, int Port)> ReadRequestAsync(Stream page, CancellationToken cancellationToken)
    {
        async Task<byte[]> ReadAsync(int count)
        {
            var bytes = new byte[count];
            await page.ReadExactlyAsync(bytes, cancellationToken).ConfigureAwait(false);
            return bytes;
        }

        if (await ReadAsync(2).ConfigureAwait(false) is not [Version, var methods] || !(await ReadAsync(methods).ConfigureAwait(false)).Contains((byte)0))
            throw new IOException("this is no SOCKS");

        await page.WriteAsync(new byte[] { Version, 0 }, cancellationToken).ConfigureAwait(false);
        if (await ReadAsync(4).ConfigureAwait(false) is not [Version, ConnectCommand, _, var kind])
            throw new IOException("this is no request to connect");

        var host = kind switch
        {
            AddressV4 => new IPAddress(await ReadAsync(4).ConfigureAwait(false)).ToString(),
            AddressV6 => new IPAddress(await ReadAsync(16).ConfigureAwait(false)).ToString(),
            AddressName => Encoding.ASCII.GetString(await ReadAsync((await ReadAsync(1).ConfigureAwait(false))[0]).ConfigureAwait(false)),
            _ => throw new IOException("this is no kind of address"),
        };
        return (host, BinaryPrimitives.ReadUInt16BigEndian(await ReadAsync(2).ConfigureAwait(false)));
    }

    private async Task AnswerAsync(Stream page, byte code) =>
        await page.WriteAsync(new byte[] { Version, code, 0, AddressV4, 0, 0, 0, 0, 0, 0 }, _end.Token).ConfigureAwait(false);
}
