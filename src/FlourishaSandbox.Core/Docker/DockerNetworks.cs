namespace FlourishaSandbox.Docker;

/// <summary>Networks of an engine. Where an id is asked for, a name does as well.</summary>
internal sealed class DockerNetworks(DockerHttp http)
{
    /// <summary>Creates a network.</summary>
    /// <returns>Its id and the engine's warning.</returns>
    public Task<NetworkCreated> CreateAsync(NetworkCreateRequest request, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("networks", "create"),
            DockerHttp.Json(request, DockerJson.Default.NetworkCreateRequest), DockerJson.Default.NetworkCreated, cancellationToken);

    /// <summary>Everything about a network; null where the engine does not have it.</summary>
    public Task<NetworkInspection?> InspectAsync(string id, CancellationToken cancellationToken) =>
        http.FindAsync(new DockerPath("networks", id), DockerJson.Default.NetworkInspection, cancellationToken);

    /// <summary>Lists networks.</summary>
    /// <param name="filters">What to restrict the list to; null for nothing.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<IReadOnlyList<NetworkInspection>> ListAsync(DockerFilters? filters, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("networks").With(filters), DockerJson.Default.IReadOnlyListNetworkInspection, cancellationToken);

    /// <summary>Removes a network, which must be empty.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Delete, new DockerPath("networks", id), content: null, cancellationToken);

    /// <summary>Puts a container on a network.</summary>
    /// <param name="id">The network.</param>
    /// <param name="container">The container's id or name.</param>
    /// <param name="settings">Its place on the network; null to let the engine choose.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task ConnectAsync(string id, string container, EndpointSettings? settings, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("networks", id, "connect"),
            DockerHttp.Json(new NetworkConnectRequest { Container = container, EndpointConfig = settings }, DockerJson.Default.NetworkConnectRequest), cancellationToken);

    /// <summary>Takes a container off a network.</summary>
    /// <param name="id">The network.</param>
    /// <param name="container">The container's id or name.</param>
    /// <param name="force">Whether it is done even where the container does not agree.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task DisconnectAsync(string id, string container, bool force, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("networks", id, "disconnect"),
            DockerHttp.Json(new NetworkDisconnectRequest { Container = container, Force = force }, DockerJson.Default.NetworkDisconnectRequest), cancellationToken);
}
