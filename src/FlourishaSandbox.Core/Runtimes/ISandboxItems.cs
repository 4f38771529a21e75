using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Single files and folders of a runtime's sandboxes. Paths are absolute. Every method also throws <see cref="SandboxError.PathNotFound"/>,
/// <see cref="SandboxError.PathNotUsable"/> (in the way, or the sandbox's user may not), <see cref="SandboxError.AgentUnavailable"/> where
/// the sandbox has no agent, and what every method of <see cref="ISandboxRuntime"/> throws.
/// </summary>
public interface ISandboxItems
{
    /// <summary>What is at a path; null where nothing is. A link is shown itself.</summary>
    Task<SandboxItem?> FindAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>What is in a folder, ordered by path; with all that is in its folders, where that is wanted. Links are not followed.</summary>
    Task<IReadOnlyList<SandboxItem>> ListAsync(Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken);

    /// <summary>A file's content. Disposing the stream ends the reading.</summary>
    Task<Stream> ReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>Writes a file, which belongs to the sandbox's user; folders that are missing are made.</summary>
    Task WriteAsync(Sandbox sandbox, string path, Stream content, CancellationToken cancellationToken);

    /// <summary>Makes a folder, with those above it. One that is there is no error.</summary>
    Task MakeDirectoryAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>Moves or renames. What is at the destination is not replaced by a folder, but a file replaces a file.</summary>
    Task MoveAsync(Sandbox sandbox, string source, string destination, CancellationToken cancellationToken);

    /// <summary>Removes a file, or a folder with all that is in it.</summary>
    Task RemoveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>What happens in a folder, from the moment that <paramref name="started"/> is called until the enumeration is given up.</summary>
    IAsyncEnumerable<SandboxFileEvent> WatchAsync(Sandbox sandbox, string path, bool recurse, Action started, CancellationToken cancellationToken);
}
