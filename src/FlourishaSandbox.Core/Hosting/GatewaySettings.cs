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
}
