namespace FlourishaSandbox.Docker;

/// <summary>Volumes of an engine.</summary>
internal sealed class DockerVolumes(DockerHttp http)
{
    /// <summary>Creates a volume. One that exists with this name is returned as it is, whatever its labels.</summary>
    public Task<VolumeInspection> CreateAsync(VolumeCreateRequest request, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("volumes", "create"),
            DockerHttp.Json(request, DockerJson.Default.VolumeCreateRequest), DockerJson.Default.VolumeInspection, cancellationToken);

    /// <summary>Everything about a volume; null where the engine does not have it.</summary>
    public Task<VolumeInspection?> InspectAsync(string name, CancellationToken cancellationToken) =>
        http.FindAsync(new DockerPath("volumes", name), DockerJson.Default.VolumeInspection, cancellationToken);

    /// <summary>Lists volumes.</summary>
    /// <param name="filters">What to restrict the list to; null for nothing.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<IReadOnlyList<VolumeInspection>> ListAsync(DockerFilters? filters, CancellationToken cancellationToken) =>
        (await http.GetAsync(new DockerPath("volumes").With(filters), DockerJson.Default.VolumeList, cancellationToken).ConfigureAwait(false)).Volumes;

    /// <summary>Removes a volume, which no container may use.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="force">Whether it is no error where the volume is not there.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RemoveAsync(string name, bool force, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Delete, new DockerPath("volumes", name).With("force", force), content: null, cancellationToken);
}
