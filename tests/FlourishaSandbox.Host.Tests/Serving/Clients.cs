using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace FlourishaSandbox.Host.Tests.Serving;

/// <summary>HTTP clients that go to a gateway, whatever name they ask for: browsers know that all names below localhost are this machine's, and not every resolver does.</summary>
internal static class Clients
{
    /// <summary>A client.</summary>
    /// <param name="gateway">Whom it asks.</param>
    /// <param name="host">The name, without a port.</param>
    /// <param name="scheme">http or https.</param>
    public static HttpClient Create(GatewayProcess gateway, string host, string scheme = "http") => new(CreateHandler(gateway))
    {
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"{scheme}://{host}:{gateway.Port}/")),
    };

    /// <summary>Whether a certificate is one that tests made for themselves.</summary>
    public static bool IsOfTests(X509Certificate? certificate) => certificate?.Subject.EndsWith(".localhost", StringComparison.Ordinal) == true;

    /// <summary>What carries it. Redirects and cookies are the tests' own affair.</summary>
    public static SocketsHttpHandler CreateHandler(GatewayProcess gateway) => new()
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = (_, certificate, _, _) => IsOfTests(certificate) },
        ConnectCallback = async (_, token) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, gateway.Port, token);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
