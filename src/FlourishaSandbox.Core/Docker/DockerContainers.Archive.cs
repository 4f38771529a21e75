using System.Net;
using System.Text.Json;
using FlourishaSandbox.Docker.Transport;

namespace FlourishaSandbox.Docker;

/// <content>Files of a container, as tar streams.</content>
internal sealed partial class DockerContainers
{
    private const string StatHeader = "X-Docker-Container-Path-Stat";

    /// <summary>What is at a path, without following a link in its last segment; null where nothing is.</summary>
    /// <param name="id">The container, which need not run.</param>
    /// <param name="path">The path in the container.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    /// <exception cref="DockerException">There is no such container, or the path leads through something that is no folder.</exception>
    public async Task<PathStat?> StatPathAsync(string id, string path, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.OpenAsync(HttpMethod.Head, ArchivePath(id).With("path", path), content: null, cancellationToken).ConfigureAwait(false);
            return ReadStat(response.StatusCode, response.Headers.TryGetValues(StatHeader, out var values) ? values.First() : null);
        }
        catch (DockerException exception) when (exception.IsNotFound)
        {
            // An answer to HEAD has no text, so it does not say what was not found. If it is the container, this throws.
            await InspectAsync(id, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }

    /// <summary>Reads a file or a folder with everything in it.</summary>
    /// <param name="id">The container, which need not run.</param>
    /// <param name="path">The path in the container.</param>
    /// <param name="cancellationToken">Ends the request, not the stream that it returns.</param>
    /// <returns>
    /// What is at the path, and a tar stream whose names begin with the path's last segment. The stream owns the connection. It is
    /// buffered, and may block the thread that reads from it until the engine sends more.
    /// </returns>
    /// <exception cref="DockerException">There is no such container or path.</exception>
    public async Task<(PathStat Stat, Stream Tar)> GetArchiveAsync(string id, string path, CancellationToken cancellationToken)
    {
        // Not by HttpClient: it reads each of the engine's chunks of 32 KiB in two pieces, and comes back for each.
        var target = await http.VersionedAsync(ArchivePath(id).With("path", path), cancellationToken).ConfigureAwait(false);
        var exchange = await DockerExchange.OpenForBulkAsync(http.Connector, cancellationToken).ConfigureAwait(false);
        try
        {
            var (head, body) = await exchange.GetAsync(target, cancellationToken).ConfigureAwait(false);
            return (ReadStat(head.Status, head.Headers.GetValueOrDefault(StatHeader)), body);
        }
        catch
        {
            exchange.Dispose();
            throw;
        }
    }

    /// <summary>Unpacks a tar stream into a folder.</summary>
    /// <param name="id">The container, which need not run.</param>
    /// <param name="folder">The folder, which must exist.</param>
    /// <param name="writeTar">Writes the tar stream. Its token is cancelled when the engine refuses; what it throws is thrown on.</param>
    /// <param name="ownedByContainerUser">
    /// Whether everything is to belong to the container's user instead of the owners in the stream. That user must have a line in the
    /// container's /etc/passwd: engines refuse a bare number that has none.
    /// </param>
    /// <param name="cancellationToken">Ends the upload; what was unpacked stays.</param>
    /// <exception cref="DockerException">The engine refused, at the end or in the middle.</exception>
    public async Task PutArchiveAsync(string id, string folder, Func<Stream, CancellationToken, Task> writeTar, bool ownedByContainerUser, CancellationToken cancellationToken)
    {
        var path = ArchivePath(id)
            .With("path", folder)
            .With("noOverwriteDirNonDir", value: true)
            .With("copyUIDGID", ownedByContainerUser);
        var target = await http.VersionedAsync(path, cancellationToken).ConfigureAwait(false);
        using var exchange = await DockerExchange.OpenForBulkAsync(http.Connector, cancellationToken).ConfigureAwait(false);
        var body = await exchange.UploadAsync("PUT", target, "application/x-tar", writeTar, cancellationToken).ConfigureAwait(false);
        await body.DisposeAsync().ConfigureAwait(false);
    }

    private static DockerPath ArchivePath(string id) => new("containers", id, "archive");

    private static PathStat ReadStat(HttpStatusCode status, string? header)
    {
        try
        {
            if (header is not null && JsonSerializer.Deserialize(Convert.FromBase64String(header), DockerJson.Default.PathStat) is { } stat)
                return stat;
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw new DockerException(status, $"The engine's description of the path cannot be read: {exception.Message}", exception);
        }
        throw new DockerException(status, "The engine did not describe the path.");
    }
}
