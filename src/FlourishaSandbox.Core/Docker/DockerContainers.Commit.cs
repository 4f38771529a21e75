namespace FlourishaSandbox.Docker;

/// <content>Images of containers.</content>
internal sealed partial class DockerContainers
{
    /// <summary>Makes an image without a name of a container's files. What is in volumes and memory file systems is not among them.</summary>
    /// <param name="id">The container, which need not run.</param>
    /// <param name="config">What the image says about the process to run, where that differs from the container's own.</param>
    /// <param name="cancellationToken">Ends the wait; the engine may go on.</param>
    /// <returns>The image's id. The container was frozen while its files were read.</returns>
    public async Task<string> CommitAsync(string id, CommitRequest config, CancellationToken cancellationToken) =>
        (await http.SendAsync(HttpMethod.Post, new DockerPath("commit").With("container", id).With("pause", value: true),
            DockerHttp.Json(config, DockerJson.Default.CommitRequest), DockerJson.Default.IdOnly, cancellationToken).ConfigureAwait(false)).Id;
}
