using System.Net;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Files of containers through the engine: for sandboxes without an agent or that do not run, and for what only root may touch.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerFiles(DockerClient client)
{
    private readonly DockerUsers _users = new(client);

    /// <summary>See <see cref="ISandboxRuntime"/>.</summary>
    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            var stat = await StatPathAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
            if (stat is { IsSymbolicLink: true })
            {
                // The engine says where a link leads, inside the sandbox's own root.
                var target = string.IsNullOrEmpty(stat.LinkTarget) ? null : await StatPathAsync(sandbox, stat.LinkTarget, cancellationToken).ConfigureAwait(false);
                stat = target is { IsSymbolicLink: false } ? target : stat;
            }

            return stat is null ? null : new SandboxPathInfo(path, stat.IsDirectory, stat.Size);
        }, sandbox);

    /// <summary>See <see cref="ISandboxRuntime"/>.</summary>
    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _users.GetOwnerAsync(sandbox, cancellationToken), sandbox);

    /// <summary>See <see cref="ISandboxRuntime"/>.</summary>
    public Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            try
            {
                await client.Containers.PutArchiveAsync(sandbox.Id, folder, writeTar, ownedByContainerUser: false, cancellationToken).ConfigureAwait(false);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("cannot overwrite", StringComparison.Ordinal))
            {
                throw new SandboxException(SandboxError.PathNotUsable, $"In sandbox '{sandbox}' a folder is in a file's place, or a file in a folder's: {e.EngineMessage}", folder, "Copy to another place, or remove what is in the way.", e);
            }
        }, sandbox);

    /// <summary>See <see cref="ISandboxRuntime"/>.</summary>
    public Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync<Stream>(async () =>
        {
            try
            {
                var (_, tar) = await client.Containers.GetArchiveAsync(sandbox.Id, path, cancellationToken).ConfigureAwait(false);
                return new DockerArchiveStream(tar, client.Endpoint, sandbox);
            }
            catch (DockerException e) when (e.EngineMessage.Contains("not a directory", StringComparison.Ordinal)
                || (e.IsNotFound && !e.EngineMessage.Contains("No such container: " + sandbox.Id, StringComparison.Ordinal)))
            {
                throw new SandboxException(SandboxError.PathNotFound, $"There is no '{path}' in sandbox '{sandbox}'.", path, "Check the path; a relative one begins in the sandbox's working directory.", e);
            }
        }, sandbox);

    private async Task<PathStat?> StatPathAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.Containers.StatPathAsync(sandbox.Id, path, cancellationToken).ConfigureAwait(false);
        }
        catch (DockerException e) when (e.StatusCode == HttpStatusCode.InternalServerError)
        {
            // A path that leads through a file; the answer has no text to tell by. If something else is wrong, what comes next will say so.
            return null;
        }
    }
}
