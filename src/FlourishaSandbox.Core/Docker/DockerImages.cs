using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Docker;

/// <summary>Images of an engine.</summary>
internal sealed class DockerImages(DockerHttp http)
{
    /// <summary>Lists images.</summary>
    /// <param name="filters">What to restrict the list to; null for nothing.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<IReadOnlyList<ImageSummary>> ListAsync(DockerFilters? filters, CancellationToken cancellationToken) =>
        http.GetAsync(new DockerPath("images", "json").With(filters), DockerJson.Default.IReadOnlyListImageSummary, cancellationToken);

    /// <summary>Everything about an image; null where the engine does not have it.</summary>
    /// <param name="name">The image's name or id.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task<ImageInspection?> InspectAsync(string name, CancellationToken cancellationToken) =>
        http.FindAsync(new DockerPath("images", name, "json"), DockerJson.Default.ImageInspection, cancellationToken);

    /// <summary>Fetches an image from its registry.</summary>
    /// <param name="reference">The image's name; <c>latest</c> where it has neither tag nor digest.</param>
    /// <param name="cancellationToken">Ends the pull.</param>
    /// <exception cref="DockerException">The registry or the engine failed, in its own words.</exception>
    public IAsyncEnumerable<DockerProgress> PullAsync(string reference, CancellationToken cancellationToken)
    {
        var path = new DockerPath("images", "create").With("fromImage", reference);
        // Without a tag the engine would fetch every one that the registry has.
        if (!HasTagOrDigest(reference))
            path.With("tag", "latest");
        return ProgressAsync(http.LinesAsync(HttpMethod.Post, path, DockerJson.Default.ProgressLine, cancellationToken), cancellationToken);
    }

    /// <summary>Builds an image with the engine's classic builder.</summary>
    /// <param name="request">What to build.</param>
    /// <param name="writeTarContext">Writes the context as a tar stream, see <see cref="BuildContext"/>.</param>
    /// <param name="cancellationToken">Ends the build.</param>
    /// <exception cref="DockerException">A step failed, in the engine's words.</exception>
    public async IAsyncEnumerable<DockerProgress> BuildAsync(
        ImageBuildRequest request, Func<Stream, CancellationToken, Task> writeTarContext, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var path = new DockerPath("build")
            .With("version", "1")
            .With("dockerfile", request.Dockerfile)
            .With("buildargs", ToJson(request.BuildArgs))
            .With("labels", ToJson(request.Labels))
            .With("target", request.Target)
            .With("networkmode", request.NetworkMode)
            .With("nocache", request.NoCache)
            .With("pull", request.Pull)
            .With("rm", value: true)
            .With("forcerm", value: true);
        foreach (var tag in request.Tags)
            path.With("t", tag);
        var target = await http.VersionedAsync(path, cancellationToken).ConfigureAwait(false);
        using var exchange = await DockerExchange.OpenAsync(http.Connector, cancellationToken).ConfigureAwait(false);
        var body = await exchange.UploadAsync("POST", target, "application/x-tar", writeTarContext, cancellationToken).ConfigureAwait(false);
        await using var disposing = body.ConfigureAwait(false);
        await foreach (var progress in ProgressAsync(http.LinesAsync(body, DockerJson.Default.ProgressLine, cancellationToken), cancellationToken).ConfigureAwait(false))
            yield return progress;
    }

    /// <summary>Makes an image of a root file system.</summary>
    /// <param name="repository">The image's repository.</param>
    /// <param name="tag">The image's tag.</param>
    /// <param name="changes">Instructions of a Dockerfile to apply, such as <c>LABEL a=b</c>.</param>
    /// <param name="writeTar">Writes the root file system as a tar stream.</param>
    /// <param name="cancellationToken">Ends the import.</param>
    public async Task ImportAsync(
        string repository, string tag, IEnumerable<string> changes, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken)
    {
        var path = new DockerPath("images", "create").With("fromSrc", "-").With("repo", repository).With("tag", tag);
        foreach (var change in changes)
            path.With("changes", change);
        var target = await http.VersionedAsync(path, cancellationToken).ConfigureAwait(false);
        using var exchange = await DockerExchange.OpenAsync(http.Connector, cancellationToken).ConfigureAwait(false);
        var body = await exchange.UploadAsync("POST", target, "application/x-tar", writeTar, cancellationToken).ConfigureAwait(false);
        await using var disposing = body.ConfigureAwait(false);
        await foreach (var _ in ProgressAsync(http.LinesAsync(body, DockerJson.Default.ProgressLine, cancellationToken), cancellationToken).ConfigureAwait(false))
        {
            // Only an error is of interest, and that is thrown.
        }
    }

    /// <summary>Gives an image a further name.</summary>
    /// <param name="name">The image's name or id.</param>
    /// <param name="repository">The new name's repository.</param>
    /// <param name="tag">The new name's tag.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public Task TagAsync(string name, string repository, string tag, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Post, new DockerPath("images", name, "tag").With("repo", repository).With("tag", tag), content: null, cancellationToken);

    /// <summary>Removes a name, and with the last name the image.</summary>
    /// <param name="name">The image's name or id.</param>
    /// <param name="force">Whether to remove it where stopped containers use it or it has several names.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task RemoveAsync(string name, bool force, CancellationToken cancellationToken) =>
        http.SendAsync(HttpMethod.Delete, new DockerPath("images", name).With("force", force), content: null, cancellationToken);

    /// <summary>Whether a reference names one image: a colon before the last slash belongs to a registry's port.</summary>
    internal static bool HasTagOrDigest(string reference) =>
        reference.Contains('@', StringComparison.Ordinal) || reference.LastIndexOf(':') > reference.LastIndexOf('/');

    private static async IAsyncEnumerable<DockerProgress> ProgressAsync(IAsyncEnumerable<ProgressLine> lines, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var line in lines.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (line.Error is { Length: > 0 } error)
                throw new DockerException(HttpStatusCode.InternalServerError, error);
            yield return new DockerProgress(line.Id, line.Status, line.Stream, line.Detail?.Current, line.Detail?.Total, line.Aux?.ID);
        }
    }

    private static string? ToJson(Dictionary<string, string>? values) =>
        values is { Count: > 0 } ? JsonSerializer.Serialize(values, DockerJson.Default.DictionaryStringString) : null;
}
