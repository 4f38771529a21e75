using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Agents;

/// <summary>Folders as tar streams, through the agent.</summary>
/// <param name="agents">The agents.</param>
/// <param name="items">Asks what is at a path.</param>
internal sealed class AgentArchives(AgentDirectory agents, AgentItems items)
{
    /// <summary>What is at a path; null where nothing is. A link is followed.</summary>
    public async Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        await items.StatAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is { } entry
            ? new SandboxPathInfo(path, entry.Type == FileType.Directory, entry.Size) { IsWritable = entry.Flourisha?.Writable }
            : null;

    /// <summary>The numbers of the sandbox's user, to whom everything belongs that an agent writes.</summary>
    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            var info = await agent.GetAsync(EnvdRoutes.Info, EnvdJson.Default.AgentInfo, cancellationToken).ConfigureAwait(false);
            return new FileOwner(info.Uid, info.Gid);
        });

    /// <summary>Unpacks a tar stream into a folder.</summary>
    public Task WriteAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            await agent.UploadAsync("PUT", AgentItems.Query(EnvdRoutes.Tar, folder), EnvdProtocol.TarContentType, writeTar, cancellationToken).ConfigureAwait(false);
            return true;
        }, refusal => AgentItems.Refused(sandbox, folder, refusal));

    /// <summary>A file or folder as a tar stream; null where the sandbox's user may not read all of it.</summary>
    public Task<Stream?> TryReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        agents.AskAsync<Stream?>(sandbox, async agent =>
        {
            try
            {
                return new AgentArchiveStream(await agent.DownloadAsync(AgentItems.Query(EnvdRoutes.Tar, path), cancellationToken).ConfigureAwait(false), sandbox);
            }
            catch (ConnectException e) when (e.Code == ConnectCode.PermissionDenied)
            {
                return null;
            }
        }, refusal => AgentItems.Refused(sandbox, path, refusal));

    /// <summary>What an agent sends of a sandbox's files. A connection that is lost is told from a disk that is full, and from a sandbox that lies.</summary>
    private sealed class AgentArchiveStream(Stream inner, Sandbox sandbox) : ReadOnlyStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
            }
            catch (Exception e) when (e is IOException or InvalidDataException)
            {
                throw new SandboxException(SandboxError.AgentUnavailable, $"The connection to the agent of sandbox '{sandbox}' was lost in the middle of a copy: {e.Message}", sandbox, "Copy again; no file is left half written.", e);
            }
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                inner.Dispose();

            base.Dispose(disposing);
        }
    }
}
