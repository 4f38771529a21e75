using System.Net;
using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host;

/// <summary>
/// A sandbox, and the connections to it. Each sandbox has its own, so that none is ever used for another, and all are gone with the sandbox.
/// Where a connection leads is the engine's word alone; nothing of a request has a say in it.
/// </summary>
internal sealed class SandboxEntry : IDisposable
{
    // A slow one is just starting; more would keep a person waiting who has mistaken the port.
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(5);

    private readonly ISandboxRuntime _runtime;
    private volatile Place _place;

    /// <summary>Begins without a connection.</summary>
    public SandboxEntry(ISandboxRuntime runtime, Sandbox sandbox)
    {
        _runtime = runtime;
        _place = Locate(sandbox);
        Invoker = new HttpMessageInvoker(new PromptHandler(new SocketsHttpHandler
        {
            ConnectCallback = async (context, token) => await ConnectAsync(context.DnsEndPoint.Port, token),
            ConnectTimeout = s_connectLimit,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            EnableMultipleHttp2Connections = false,
            PooledConnectionLifetime = Timeout.InfiniteTimeSpan,
            // Less than what servers commonly keep an idle connection for, so that a request seldom meets one that is just being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(4),
            ResponseDrainTimeout = TimeSpan.Zero,
            MaxResponseHeadersLength = 64,
            // Bytes as they are: what they mean is between the two ends.
            RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1,
            ResponseHeaderEncodingSelector = (_, _) => Encoding.Latin1,
        }));
    }

    /// <summary>The sandbox as it was last heard of.</summary>
    public Sandbox Sandbox => _place.Sandbox;

    /// <summary>Sends requests to it; a URL's port is the port inside it.</summary>
    public HttpMessageInvoker Invoker { get; }

    /// <summary>Takes news of it. Connections to where it was before end by themselves: nobody is at their other end.</summary>
    public void Update(Sandbox sandbox) => _place = Locate(sandbox);

    /// <summary>Ends the idle connections; requests under way end with their own.</summary>
    public void Dispose() => Invoker.Dispose();

    // Looking for a way binds a socket, which is not to be done for each connection.
    private Place Locate(Sandbox sandbox) => new(sandbox, sandbox.State == SandboxState.Running ? _runtime.Networks.FindAddress(sandbox) : null);

    private async Task<Stream> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        if (RouteTo(port) is not var (host, hostPort))
            return await TunnelAsync(port, cancellationToken);

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A peer that is frozen or gone without a word is found out by the kernel.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(host, hostPort, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // By way of the agent, for what has no address that leads there from here.
    private async Task<Stream> TunnelAsync(int port, CancellationToken cancellationToken)
    {
        try
        {
            return await _runtime.Ports.ConnectAsync(Sandbox, port, cancellationToken);
        }
        catch (SandboxException e)
        {
            throw new SocketException((int)(e.Error == SandboxError.PortNotReachable ? SocketError.ConnectionRefused : SocketError.HostUnreachable));
        }
    }

    private (string Host, int Port)? RouteTo(int port)
    {
        var (sandbox, address) = _place;
        if (address is not null)
            return (address.ToString(), port);

        var published = sandbox.Ports.FirstOrDefault(each => each.Port == port);
        if (sandbox.State != SandboxState.Running || published is not { HostAddress: { } hostAddress, HostPort: { } hostPort })
            return null;

        var listening = IPAddress.Parse(hostAddress);
        if (listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any))
            return (_runtime.IsLocal ? IPAddress.Loopback.ToString() : _runtime.HostName, hostPort);

        return IPAddress.IsLoopback(listening) && !_runtime.IsLocal ? null : (listening.ToString(), hostPort);
    }

    private sealed record Place(Sandbox Sandbox, IPAddress? Address);
}
