using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;

namespace FlourishaSandbox.Agents;

/// <summary>Decides by which ways a sandbox's agent can be tried.</summary>
internal static class AgentRoutes
{
    /// <summary>
    /// Whether this machine reaches containers by their own addresses: the engine's address in their network is one of its own. So it is on
    /// Linux with the engine beside; not with Docker Desktop, whose engine is in a virtual machine, and not with an engine elsewhere.
    /// </summary>
    /// <param name="endpoint">The engine.</param>
    /// <param name="gateway">The engine's address in the network.</param>
    public static bool IsDirect(DockerEndpoint endpoint, IPAddress? gateway)
    {
        if (!endpoint.IsLocal || gateway is null || !OperatingSystem.IsLinux())
            return false;

        try
        {
            // Only an own address can be bound. Nothing is sent, and nothing listens.
            using var socket = new Socket(gateway.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
            socket.Bind(new IPEndPoint(gateway, 0));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The ways that can be tried, best first; never none.</summary>
    public static IEnumerable<AgentRoute> For(DockerEndpoint endpoint, AgentAddress address)
    {
        if (address.Ip is { } ip && IsDirect(endpoint, address.Gateway))
            yield return new AgentRoute(AgentRouteKind.Direct, ip.ToString(), EnvdProtocol.Port);

        if (endpoint.IsLocal && address.Published is { } published)
            yield return new AgentRoute(AgentRouteKind.Published, (published.Address.Equals(IPAddress.Any) ? IPAddress.Loopback : published.Address).ToString(), published.Port);

        yield return new AgentRoute(AgentRouteKind.Relay, "", EnvdProtocol.Port);
    }
}
