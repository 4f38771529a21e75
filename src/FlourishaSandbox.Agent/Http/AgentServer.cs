using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace FlourishaSandbox.Agent.Http;

/// <summary>
/// Kestrel and nothing around it: no host, no configuration, no container of services. What they would bring costs more time at start
/// and more memory than all the rest of the agent.
/// </summary>
internal static class AgentServer
{
    private const int MaximumConnections = 512;

    /// <summary>Listens.</summary>
    /// <param name="options">Where.</param>
    /// <param name="application">What answers.</param>
    /// <returns>The server, when it listens.</returns>
    public static async Task<KestrelServer> StartAsync(AgentOptions options, AgentApplication application)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false };
        settings.Limits.MaxRequestBodySize = null; // Files are as long as they are; messages are counted where they are read.
        settings.Limits.MaxConcurrentConnections = MaximumConnections;
        settings.Limits.MaxRequestLineSize = 16 * 1024; // A path of 4,095 bytes, all of them escaped, and the rest.
        settings.Limits.MaxRequestHeadersTotalSize = 32 * 1024;

        // Neither of them: a pager that waits for its reader, and a person who types, are slow on purpose. Dead peers are found by TCP.
        settings.Limits.MinRequestBodyDataRate = null;
        settings.Limits.MinResponseDataRate = null;
        settings.Listen(new IPEndPoint(options.Address, options.Port), listen => listen.Protocols = HttpProtocols.Http1);
        settings.Listen(LocalSocket(options.Port), listen => listen.Protocols = HttpProtocols.Http1);

        // Waiting for data first would save 4 KiB for each silent connection, and cost a call more for every 4 KiB of an upload.
        var sockets = new SocketTransportOptions { IOQueueCount = 1, WaitForDataBeforeAllocatingBuffer = false, CreateBoundListenSocket = Bind };
        var logging = NullLoggerFactory.Instance;
        var server = new KestrelServer(Options.Create(settings), new SocketTransportFactory(Options.Create(sockets), logging), logging);
        await server.StartAsync(application, CancellationToken.None);
        return server;
    }

    /// <summary>The local socket, for relays. Its name is abstract: it belongs to the network namespace, and needs no file system.</summary>
    /// <param name="port">The TCP port, which keeps several agents apart.</param>
    /// <returns>The address.</returns>
    public static UnixDomainSocketEndPoint LocalSocket(int port) => new($"\0flourisha-agent-{port}");

    private static Socket Bind(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
        if (address is IPEndPoint)
        {
            // Connections inherit these.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        }

        return socket;
    }
}
