namespace FlourishaSandbox.Docker;

/// <summary>The engine could not be connected to, or the connection was lost before the answer was complete.</summary>
internal sealed class DockerUnreachableException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="endpoint">The endpoint that was tried.</param>
    /// <param name="what">What happened, in a clause without a full stop.</param>
    /// <param name="innerException">The cause, where there is one.</param>
    public DockerUnreachableException(DockerEndpoint endpoint, string what, Exception? innerException = null)
        : base($"Cannot reach the Docker Engine at {endpoint} (from {endpoint.Source}): {what.TrimEnd('.')}.", innerException)
    {
        Endpoint = endpoint;
        Remedy = RemedyFor(endpoint);
    }

    /// <summary>The endpoint that was tried.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>What to check, for this kind of endpoint.</summary>
    public string Remedy { get; }

    private static string RemedyFor(DockerEndpoint endpoint) => endpoint.Kind switch
    {
        DockerEndpointKind.UnixSocket => "Check that the engine runs and that you may open its socket (group 'docker'), or name another endpoint with DOCKER_HOST or a Docker context.",
        DockerEndpointKind.NamedPipe => "Check that Docker Desktop or the Docker service runs, or name another endpoint with DOCKER_HOST or a Docker context.",
        DockerEndpointKind.Ssh => "Check that 'ssh' logs in there without asking and that 'docker system dial-stdio' works on that machine.",
        _ when endpoint.Tls is null => "Check that the engine listens there, and whether it wants TLS (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH).",
        _ => "Check that the engine listens there and that ca.pem, cert.pem and key.pem in DOCKER_CERT_PATH or the context belong to it.",
    };
}
