using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>
/// The names by which Traefik leads to sandboxes. They are made of the mark of a sandbox's creation and not of its id: they are written on the
/// container before it has one.
/// </summary>
internal static class TraefikNames
{
    private const string Prefix = "qa-";
    private const int MarkLength = 12;

    /// <summary>The name of one of a sandbox's ports, of its router and of its service: <c>qa-MARK</c> for the lowest, <c>qa-MARK-PORT</c> for others.</summary>
    /// <param name="creation">The mark of the sandbox's creation.</param>
    /// <param name="ports">Its ports.</param>
    /// <param name="port">The port.</param>
    public static string NameOf(string creation, IEnumerable<int> ports, int port)
    {
        var name = Prefix + creation[..Math.Min(creation.Length, MarkLength)];
        return ports.Min() == port ? name : string.Create(CultureInfo.InvariantCulture, $"{name}-{port}");
    }

    /// <summary>The address of a port.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.PortNotReachable"/>: Traefik was not told of it.</exception>
    public static HostAddress AddressOf(Sandbox sandbox, int port)
    {
        var ports = sandbox.Ports.Select(each => each.Port).ToList();
        if (sandbox is not { Traefik: { } domain, Creation: { } creation } || !ports.Contains(port))
            throw new SandboxException(SandboxError.PortNotReachable, $"Port {port} of sandbox '{sandbox}' was not named when it was made, and what Traefik reads on it cannot change. It has {string.Join(", ", ports)}.", sandbox, "Name the port when a sandbox is made, or make one with -Routing Port or -Routing Gateway, which reach every port.");

        return new HostAddress
        {
            Sandbox = sandbox,
            Port = port,
            Url = new UriBuilder(domain) { Host = $"{NameOf(creation, ports, port)}.{domain.Host}" }.Uri,
            Routing = HostRouting.Traefik,
            Public = true,
        };
    }
}
