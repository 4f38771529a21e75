using System.Runtime.CompilerServices;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Envd.Filesystem;
using FlourishaSandbox.Files;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>Single files and folders, through the agent.</summary>
/// <param name="agents">The agents.</param>
internal sealed class AgentItems(AgentDirectory agents) : ISandboxItems
{
    private const int CopyBuffer = 256 << 10;

    /// <inheritdoc/>
    public async Task<SandboxItem?> FindAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        await StatAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is { } entry ? ToItem(sandbox, entry, path) : null;

    /// <summary>What is at a path, in the agent's own words; null where nothing is.</summary>
    public Task<EntryInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            try
            {
                return (await agent.CallAsync(EnvdRoutes.Filesystem + "Stat", new StatRequest(path), EnvdJson.Default.StatRequest, EnvdJson.Default.EntryResponse, cancellationToken).ConfigureAwait(false)).Entry;
            }
            catch (ConnectException e) when (e.Code == ConnectCode.NotFound)
            {
                return null;
            }
        }, refusal => Refused(sandbox, path, refusal));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxItem>> ListAsync(Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken) =>
        agents.AskAsync<IReadOnlyList<SandboxItem>>(sandbox, async agent =>
        {
            var request = new ListDirRequest { Path = path, Depth = recurse ? int.MaxValue : 1 };
            var answer = await agent.CallAsync(EnvdRoutes.Filesystem + "ListDir", request, EnvdJson.Default.ListDirRequest, EnvdJson.Default.ListDirResponse, cancellationToken).ConfigureAwait(false);
            // Where something is copied to follows from its name, and the names are the sandbox's.
            var below = path == "/" ? path : path + "/";
            return [.. (answer.Entries ?? [])
                .Where(entry => entry.Path.StartsWith(below, StringComparison.Ordinal) && entry.Path[below.Length..].Split('/').All(part => part is not ("" or "." or "..")))
                .Select(entry => ToItem(sandbox, entry, entry.Path))
                .OrderBy(item => item.Path, StringComparer.Ordinal)];
        }, refusal => Refused(sandbox, path, refusal));

    /// <inheritdoc/>
    public Task<Stream> ReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, agent => agent.DownloadAsync(Query(EnvdRoutes.Files, path), cancellationToken), refusal => Refused(sandbox, path, refusal));

    /// <inheritdoc/>
    public Task WriteAsync(Sandbox sandbox, string path, Stream content, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            await agent.UploadAsync("POST", Query(EnvdRoutes.Files, path), "application/octet-stream", (stream, token) => content.CopyToAsync(stream, CopyBuffer, token), cancellationToken).ConfigureAwait(false);
            return true;
        }, refusal => Refused(sandbox, path, refusal));

    /// <inheritdoc/>
    public Task MakeDirectoryAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, async agent =>
        {
            try
            {
                await agent.CallAsync(EnvdRoutes.Filesystem + "MakeDir", new MakeDirRequest(path), EnvdJson.Default.MakeDirRequest, EnvdJson.Default.EntryResponse, cancellationToken).ConfigureAwait(false);
            }
            catch (ConnectException e) when (e.Code == ConnectCode.AlreadyExists)
            {
                return true;
            }

            return true;
        }, refusal => Refused(sandbox, path, refusal));

    /// <inheritdoc/>
    public Task MoveAsync(Sandbox sandbox, string source, string destination, CancellationToken cancellationToken) =>
        agents.AskAsync(sandbox, agent => agent.CallAsync(EnvdRoutes.Filesystem + "Move", new MoveRequest(source, destination), EnvdJson.Default.MoveRequest, EnvdJson.Default.EntryResponse, cancellationToken), refusal => Refused(sandbox, source, refusal));

    /// <inheritdoc/>
    public async Task RemoveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        // E2B's protocol takes what is not there for removed.
        if (await StatAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is null)
            throw NotFound(sandbox, path);

        await agents.AskAsync(sandbox, agent => agent.CallAsync(EnvdRoutes.Filesystem + "Remove", new RemoveRequest(path), EnvdJson.Default.RemoveRequest, EnvdJson.Default.EmptyMessage, cancellationToken), refusal => Refused(sandbox, path, refusal)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<SandboxFileEvent> WatchAsync(Sandbox sandbox, string path, bool recurse, Action started, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(started);
        var request = new WatchRequest { Path = path, Recursive = recurse, AllowNetworkMounts = true };
        var messages = agents.Get(sandbox).StreamAsync(EnvdRoutes.Filesystem + "WatchDir", request, EnvdJson.Default.WatchRequest, EnvdJson.Default.WatchDirResponse, timeout: null, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (messages.ConfigureAwait(false))
        {
            while (await NextAsync(sandbox, path, messages).ConfigureAwait(false))
            {
                if (messages.Current.Start is not null)
                    started();
                else if (messages.Current.Filesystem is { } change && ToChange(change.Type) is { } kind)
                    yield return new SandboxFileEvent(sandbox, change.Name.Length == 0 ? path : SandboxPath.Combine(path, change.Name), kind, DateTimeOffset.Now);
            }
        }
    }

    /// <summary>A call with a path in its query.</summary>
    public static string Query(string call, string path) => $"{call}?path={Uri.EscapeDataString(path)}";

    /// <summary>The failure for a refusal that is about a path.</summary>
    public static SandboxException? Refused(Sandbox sandbox, string path, ConnectException refusal) => refusal.Code switch
    {
        ConnectCode.NotFound => NotFound(sandbox, path, refusal),
        ConnectCode.PermissionDenied => new SandboxException(SandboxError.PathNotUsable, $"The user of sandbox '{sandbox}' may not do that to '{path}': {refusal.Message}", path, "Use a path that belongs to that user, or change its permissions as root: Invoke-SandboxCommand -User root.", refusal),
        ConnectCode.ResourceExhausted => new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}': {refusal.Message}", path, "Free some space in the sandbox.", refusal),
        ConnectCode.InvalidArgument or ConnectCode.AlreadyExists or ConnectCode.FailedPrecondition => new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' cannot be used so: {refusal.Message}", path, "Name another path, or remove what is in the way.", refusal),
        _ => null,
    };

    private static SandboxException NotFound(Sandbox sandbox, string path, Exception? cause = null) =>
        new(SandboxError.PathNotFound, $"There is no '{path}' in sandbox '{sandbox}'.", path, "Check the path; a relative one begins in the sandbox's working directory.", cause);

    private async Task<bool> NextAsync(Sandbox sandbox, string path, IAsyncEnumerator<WatchDirResponse> messages)
    {
        try
        {
            return await messages.MoveNextAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is ConnectException or AgentLostException)
        {
            throw await agents.NameAsync(sandbox, e, refusal => Refused(sandbox, path, refusal)).ConfigureAwait(false);
        }
    }

    private static FileChange? ToChange(EventType type) => type switch
    {
        EventType.Create => FileChange.Created,
        EventType.Write => FileChange.Changed,
        EventType.Remove => FileChange.Removed,
        EventType.Rename => FileChange.Renamed,
        EventType.Chmod => FileChange.AttributesChanged,
        _ => null,
    };

    private static SandboxItem ToItem(Sandbox sandbox, EntryInfo entry, string path) => new()
    {
        Sandbox = sandbox,
        Path = path,
        Type = entry switch
        {
            { SymlinkTarget: not null } => SandboxItemType.Link,
            { Type: FileType.File } => SandboxItemType.File,
            { Type: FileType.Directory } => SandboxItemType.Directory,
            { Type: FileType.Symlink } => SandboxItemType.Link,
            _ => SandboxItemType.Other,
        },
        Size = Math.Max(0, entry.Size),
        Modified = entry.ModifiedTime ?? DateTimeOffset.UnixEpoch,
        Permissions = (UnixFileMode)(entry.Mode & 0xFFF),
        Owner = entry.Owner,
        Group = entry.Group,
        // As it says, not where that leads.
        LinkTarget = entry.Flourisha?.LinkTarget ?? entry.SymlinkTarget,
    };
}
