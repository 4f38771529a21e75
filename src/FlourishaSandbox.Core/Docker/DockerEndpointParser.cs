using System.Globalization;

namespace FlourishaSandbox.Docker;

/// <summary>Reads the text of an engine's address.</summary>
internal static class DockerEndpointParser
{
    private const int PlainPort = 2375;
    private const int TlsPort = 2376;

    /// <summary>Reads an address; one without a scheme is TCP, as for the Docker CLI.</summary>
    /// <param name="text">The address.</param>
    /// <param name="source">Where it was configured.</param>
    /// <param name="tls">What TLS is made with where the address is TCP; null for no TLS.</param>
    /// <exception cref="ArgumentException">The text is no usable address.</exception>
    public static DockerEndpoint Parse(string text, string source, DockerTlsMaterial? tls)
    {
        var separator = text.IndexOf("://", StringComparison.Ordinal);
        var scheme = separator < 0 ? "tcp" : text[..separator].ToLowerInvariant();
        var rest = separator < 0 ? text : text[(separator + 3)..];
        return scheme switch
        {
            "unix" => ParseUnix(text, rest, source),
            "npipe" => ParsePipe(text, rest, source),
            "tcp" => ParseTcp(text, rest, source, tls),
            "ssh" => ParseSsh(text, rest, source),
            "http" or "https" => throw Bad(text, source, $"'{scheme}://' is not a scheme of Docker. Write tcp://host:port, and set DOCKER_TLS_VERIFY=1 for TLS"),
            _ => throw Bad(text, source, $"the scheme '{scheme}' is not known. Write unix://, npipe://, tcp:// or ssh://"),
        };
    }

    private static DockerEndpoint ParseUnix(string text, string path, string source)
    {
        if (!path.StartsWith('/'))
            throw Bad(text, source, "a Unix socket needs an absolute path. Write unix:///var/run/docker.sock");
        return new DockerEndpoint
        {
            // Docker takes what follows the scheme literally; a Uri would read '%', '?' and '#' in it.
            Address = new Uri("unix://" + string.Join('/', path.Split('/').Select(Uri.EscapeDataString))),
            Kind = DockerEndpointKind.UnixSocket,
            Source = source,
            SocketPath = path,
        };
    }

    private static DockerEndpoint ParsePipe(string text, string rest, string source)
    {
        const string prefix = "//./pipe/";
        var path = rest.Replace('\\', '/');
        if (!path.StartsWith(prefix, StringComparison.OrdinalIgnoreCase) || path.Length == prefix.Length)
            throw Bad(text, source, "a named pipe is written npipe:////./pipe/docker_engine");
        return new DockerEndpoint
        {
            Address = new Uri("npipe://" + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }),
            Kind = DockerEndpointKind.NamedPipe,
            Source = source,
            SocketPath = path[prefix.Length..],
        };
    }

    private static DockerEndpoint ParseTcp(string text, string rest, string source, DockerTlsMaterial? tls)
    {
        // ":2375" is this machine, as for the Docker CLI.
        var authority = rest.StartsWith(':') ? "localhost" + rest : rest;
        if (!TryParseAuthority("tcp", authority, out var uri) || uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw Bad(text, source, "that is no host and port. Write tcp://host:2375");
        if (uri.AbsolutePath is not ("" or "/"))
            throw Bad(text, source, "a path after the port is not supported. Write tcp://host:2375");
        var host = uri.IdnHost;
        var port = uri.Port > 0 ? uri.Port : tls is null ? PlainPort : TlsPort;
        return new DockerEndpoint
        {
            Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"tcp://{uri.Host}:{port}")),
            Kind = DockerEndpointKind.Tcp,
            Source = source,
            Tls = tls,
            Port = port,
            HostName = host.Trim('[', ']'),
        };
    }

    private static DockerEndpoint ParseSsh(string text, string rest, string source)
    {
        if (!TryParseAuthority("ssh", rest, out var uri) || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            throw Bad(text, source, "that is no host. Write ssh://user@host");
        if (uri.UserInfo.Contains(':', StringComparison.Ordinal))
            throw new ArgumentException($"The Docker endpoint from {source} holds a password, which ssh does not take. Use a key, and write ssh://user@host.");
        return new DockerEndpoint
        {
            Address = uri,
            Kind = DockerEndpointKind.Ssh,
            Source = source,
            SocketPath = uri.AbsolutePath is "" or "/" ? "" : Uri.UnescapeDataString(uri.AbsolutePath),
            Port = uri.Port > 0 ? uri.Port : null,
            User = uri.UserInfo.Length > 0 ? Uri.UnescapeDataString(uri.UserInfo) : null,
            HostName = uri.IdnHost.Trim('[', ']'),
        };
    }

    private static bool TryParseAuthority(string scheme, string authority, out Uri uri)
    {
        var parsed = Uri.TryCreate($"{scheme}://{authority}", UriKind.Absolute, out var candidate) && candidate.Host.Length > 0;
        uri = candidate!;
        // A Uri takes a port beyond the range for "no port"; the text must not say one that is not used.
        return parsed && uri.Port is -1 or (> 0 and <= ushort.MaxValue);
    }

    private static ArgumentException Bad(string text, string source, string why) =>
        new($"The Docker endpoint '{text}' from {source} cannot be used: {why}.");
}
