using System.Net;

namespace FlourishaSandbox.Docker;

/// <summary>Where an engine listens, how to get there, and where that was configured. Immutable.</summary>
internal sealed class DockerEndpoint
{
    /// <summary>The engine's address: <c>unix:///…</c>, <c>npipe:////./pipe/…</c>, <c>tcp://host:port</c> or <c>ssh://user@host:port</c>.</summary>
    public required Uri Address { get; init; }

    /// <summary>How the engine is reached.</summary>
    public required DockerEndpointKind Kind { get; init; }

    /// <summary>Where the address was configured: "parameter", "DOCKER_HOST", "context 'name'" or "default".</summary>
    public required string Source { get; init; }

    /// <summary>What TLS is made with; null where TLS is not used.</summary>
    public DockerTlsMaterial? Tls { get; init; }

    /// <summary>The socket's path, or the pipe's name, or the remote socket's path for ssh where one was given; else empty.</summary>
    public string SocketPath { get; init; } = "";

    /// <summary>The port to connect to; null for sockets and pipes, and where ssh is to choose.</summary>
    public int? Port { get; init; }

    /// <summary>The user to log in as; null where ssh is to choose.</summary>
    public string? User { get; init; }

    /// <summary>The host of a remote engine, without brackets; <c>localhost</c> for a local one that has none.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Whether the engine runs on this machine, as far as the address tells.</summary>
    public bool IsLocal => Kind switch
    {
        DockerEndpointKind.UnixSocket or DockerEndpointKind.NamedPipe => true,
        DockerEndpointKind.Tcp => HostName.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || (IPAddress.TryParse(HostName, out var address) && IPAddress.IsLoopback(address)),
        _ => false,
    };

    /// <summary>Finds the endpoint in the order of the Docker CLI: an explicit value, DOCKER_HOST, DOCKER_CONTEXT, the current context, the platform's default.</summary>
    /// <param name="explicitValue">An address that overrides everything else; null or empty for none.</param>
    /// <param name="environment">What to resolve from; null for this process's environment.</param>
    /// <exception cref="ArgumentException">A configured value cannot be used; the message names it and the remedy.</exception>
    public static DockerEndpoint Resolve(string? explicitValue = null, DockerEnvironment? environment = null) =>
        DockerEndpointResolver.Resolve(explicitValue, environment ?? DockerEnvironment.Current);

    /// <summary>The address as a person would write it.</summary>
    public override string ToString() => Address.OriginalString;
}
