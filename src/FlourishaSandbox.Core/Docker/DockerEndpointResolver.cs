namespace FlourishaSandbox.Docker;

/// <summary>Chooses the source of an endpoint, in the Docker CLI's order.</summary>
internal static class DockerEndpointResolver
{
    private const string UnixDefault = "unix:///var/run/docker.sock";
    private const string WindowsDefault = "npipe:////./pipe/docker_engine";

    /// <summary>See <see cref="DockerEndpoint.Resolve"/>.</summary>
    public static DockerEndpoint Resolve(string? explicitValue, DockerEnvironment environment)
    {
        if (!string.IsNullOrWhiteSpace(explicitValue))
            return DockerEndpointParser.Parse(explicitValue.Trim(), "parameter", TlsOf(environment));
        if (environment.Value("DOCKER_HOST") is { } host)
            return DockerEndpointParser.Parse(host.Trim(), "DOCKER_HOST", TlsOf(environment));
        if (environment.Value("DOCKER_CONTEXT") is { } named && !IsDefault(named))
            return DockerContextStore.Load(environment.ConfigFolder, named, "DOCKER_CONTEXT");
        if (environment.Value("DOCKER_CONTEXT") is null && DockerContextStore.CurrentContext(environment.ConfigFolder) is { } current && !IsDefault(current))
            return DockerContextStore.Load(environment.ConfigFolder, current, Path.Combine(environment.ConfigFolder, "config.json"));
        return DockerEndpointParser.Parse(environment.IsWindows ? WindowsDefault : UnixDefault, "default", tls: null);
    }

    private static bool IsDefault(string context) => context == "default";

    /// <summary>
    /// As the Docker CLI: any value of DOCKER_TLS_VERIFY, "0" too, asks for a verified connection; DOCKER_TLS alone asks for one that is
    /// not verified; the files are in DOCKER_CERT_PATH, else in the configuration folder.
    /// </summary>
    private static DockerTlsMaterial? TlsOf(DockerEnvironment environment)
    {
        var verify = environment.Value("DOCKER_TLS_VERIFY") is not null;
        if (!verify && environment.Value("DOCKER_TLS") is null)
            return null;
        var folder = environment.Value("DOCKER_CERT_PATH");
        if (folder is not null && !Directory.Exists(folder))
            throw new ArgumentException($"DOCKER_CERT_PATH is '{folder}', which is no folder. Set it to the folder that holds ca.pem, cert.pem and key.pem.");
        return DockerTlsMaterial.FromFolder(folder ?? environment.ConfigFolder, skipVerify: !verify);
    }
}
