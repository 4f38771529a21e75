using System.Net;

namespace FlourishaSandbox.Hosting;

/// <summary>Where the gateway is reached.</summary>
public sealed record GatewaySettings
{
    /// <summary>The port that it listens on where nobody says otherwise.</summary>
    public const int DefaultPort = 8080;

    /// <summary>FLOURISHA_GATEWAY_ADDRESS: the address of this machine that it listens on. Default 127.0.0.1: nobody else's business.</summary>
    public string Address { get; init; } = IPAddress.Loopback.ToString();

    /// <summary>FLOURISHA_GATEWAY_PORT: the port that it listens on.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>FLOURISHA_GATEWAY_URL: where users reach it, where that is another place: a proxy in front of it. Sandboxes' names are below its host. Null for none.</summary>
    public Uri? Url { get; init; }

    /// <summary>FLOURISHA_GATEWAY_CERTIFICATE: a file with its certificate, in PEM or PKCS #12; null for plain HTTP.</summary>
    public string? Certificate { get; init; }

    /// <summary>FLOURISHA_GATEWAY_CERTIFICATE_KEY: a file in PEM with the certificate's key; null where it is in the certificate's own.</summary>
    public string? CertificateKey { get; init; }

    /// <summary>FLOURISHA_GATEWAY_CERTIFICATE_PASSWORD_FILE: a file with the key's password; null where it has none.</summary>
    public string? CertificatePasswordFile { get; init; }

    /// <summary>FLOURISHA_GATEWAY_TRUSTED_PROXIES: addresses and networks of proxies whose word on where a request came from counts.</summary>
    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}
