namespace FlourishaSandbox.Docker;

/// <summary>A client of one Docker Engine. Safe for concurrent use; nothing is connected before the first request.</summary>
internal sealed class DockerClient : IDisposable
{
    private static readonly Version s_oldest = new(1, 41);
    private static readonly Version s_newest = new(1, 47);

    private readonly DockerHttp _http;
    private readonly SemaphoreSlim _negotiating = new(1, 1);
    private Version? _version;

    /// <summary>Creates a client.</summary>
    /// <param name="endpoint">The engine.</param>
    public DockerClient(DockerEndpoint endpoint)
    {
        Endpoint = endpoint;
        _http = new DockerHttp(endpoint, GetApiVersionAsync);
        System = new DockerSystem(_http);
        Containers = new DockerContainers(_http);
        Execs = new DockerExecs(_http);
        Images = new DockerImages(_http);
        Networks = new DockerNetworks(_http);
        Volumes = new DockerVolumes(_http);
    }

    /// <summary>The engine.</summary>
    public DockerEndpoint Endpoint { get; }

    /// <summary>Containers.</summary>
    public DockerContainers Containers { get; }

    /// <summary>Commands in containers.</summary>
    public DockerExecs Execs { get; }

    /// <summary>Images.</summary>
    public DockerImages Images { get; }

    /// <summary>Networks.</summary>
    public DockerNetworks Networks { get; }

    /// <summary>Volumes.</summary>
    public DockerVolumes Volumes { get; }

    /// <summary>The engine itself.</summary>
    public DockerSystem System { get; }

    /// <summary>The version of the API that is spoken: the engine's, or 1.47 where the engine is newer. Asked once, at the first need.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="DockerException">The engine is older than API 1.41 (Docker 20.10).</exception>
    /// <exception cref="DockerUnreachableException">The engine cannot be reached.</exception>
    public async Task<Version> GetApiVersionAsync(CancellationToken cancellationToken = default)
    {
        if (_version is { } known)
            return known;
        await _negotiating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _version ??= Choose(await System.PingAsync(cancellationToken).ConfigureAwait(false));
        }
        finally
        {
            _negotiating.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _negotiating.Dispose();
    }

    private static Version Choose(EnginePing ping)
    {
        if (!Version.TryParse(ping.ApiVersion, out var offered))
            throw new DockerException(global::System.Net.HttpStatusCode.OK, "What answers at this endpoint does not say which version of the Docker API it speaks, so it is no Docker Engine.");
        if (offered < s_oldest)
            throw new DockerException(global::System.Net.HttpStatusCode.BadRequest, $"The engine speaks Docker API {offered}; at least {s_oldest} is needed (Docker 20.10).");
        return offered < s_newest ? offered : s_newest;
    }
}
