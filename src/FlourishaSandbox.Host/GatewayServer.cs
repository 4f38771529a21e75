using System.Net;
using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace FlourishaSandbox.Host;

/// <summary>
/// Kestrel and YARP's forwarder, and nothing around them: nothing is looked up, logged or measured for each request.
/// </summary>
internal static class GatewayServer
{
    private const int MostConnections = 8192;

    /// <summary>The services that YARP and the server ask for, TLS among them: no log.</summary>
    /// <returns>The services.</returns>
    public static ServiceProvider CreateServices()
    {
        var services = new ServiceCollection();
        services.AddSingleton<ILoggerFactory>(NullLoggerFactory.Instance);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddMetrics();
        new ServiceTaker(services).UseKestrelCore();
        services.AddHttpForwarder();
        return services.BuildServiceProvider();
    }

    /// <summary>Listens.</summary>
    /// <param name="options">Where.</param>
    /// <param name="certificate">The certificate; null for plain HTTP.</param>
    /// <param name="services">From <see cref="CreateServices"/>.</param>
    /// <param name="application">What answers.</param>
    /// <returns>The server, when it listens.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the port is taken, or the address is none of this machine's.</exception>
    public static async Task<KestrelServer> StartAsync(GatewayOptions options, GatewayCertificate? certificate, IServiceProvider services, GatewayApplication application)
    {
        var settings = new KestrelServerOptions { AddServerHeader = false, ApplicationServices = services };

        // Bytes as they are, both ways.
        settings.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
        settings.ResponseHeaderEncodingSelector = _ => Encoding.Latin1;

        var limits = settings.Limits;
        limits.MaxRequestLineSize = 16 * 1024;
        limits.MaxRequestHeadersTotalSize = 64 * 1024;
        limits.MaxRequestHeaderCount = 128;
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxConcurrentUpgradedConnections = MostConnections;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(75);

        // What is passed on is as long and as slow as its two ends like; the heads are ours.
        limits.MaxRequestBodySize = null;
        limits.MinRequestBodyDataRate = null;
        limits.MinResponseDataRate = null;

        // A client that opens streams faster than it reads them is told to wait.
        limits.Http2.MaxStreamsPerConnection = 128;

        settings.Listen(new IPEndPoint(options.Address, options.Port), listen =>
        {
            listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            if (certificate is not null)
                listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificate.ToOptions()) });
        });

        var sockets = new SocketTransportOptions { WaitForDataBeforeAllocatingBuffer = false, CreateBoundListenSocket = Bind };
        var server = new KestrelServer(Options.Create(settings), new SocketTransportFactory(Options.Create(sockets), NullLoggerFactory.Instance), NullLoggerFactory.Instance);
        try
        {
            await server.StartAsync(application, CancellationToken.None);
            return server;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            server.Dispose();
            var isTaken = e is Microsoft.AspNetCore.Connections.AddressInUseException || e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException;
            throw isTaken
                ? InvalidOption.Create("Port", options.Port, $"is taken on {options.Address} by another program", "Choose another one with -Port or --port, or end that program.")
                : InvalidOption.Create("Address", $"{options.Address}:{options.Port}", $"cannot be listened on: {e.Message.TrimEnd('.')}", "Name an address of this machine, and a port above 1023 where you are not root.");
        }
    }

    private static Socket Bind(EndPoint address)
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);

        // Connections inherit these: who went away without a word is found out by the kernel.
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        return socket;
    }
}
