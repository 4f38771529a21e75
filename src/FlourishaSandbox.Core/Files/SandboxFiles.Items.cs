using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <content>Single files and folders.</content>
public sealed partial class SandboxFiles
{
    /// <summary>What is at a path; a link is shown itself.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">A path; a relative one begins in the sandbox's working directory, here and below.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The item; null where nothing is.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the path cannot be one. Else what the runtime throws, here and below.</exception>
    public Task<SandboxItem?> FindAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        runtime.Items.FindAsync(sandbox, Absolute(sandbox, path), cancellationToken);

    /// <summary>A file's content. Disposing the stream ends the reading.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">The file's path.</param>
    /// <param name="cancellationToken">Ends the opening.</param>
    /// <returns>The content, as long as the sandbox makes it.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>.</exception>
    public Task<Stream> OpenReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        runtime.Items.ReadAsync(sandbox, Absolute(sandbox, path), cancellationToken);

    /// <summary>Writes a file, which belongs to the sandbox's user; folders that are missing are made.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">The file's path.</param>
    /// <param name="content">Its content, read to the end and not disposed.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>A task that ends when everything is written.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>.</exception>
    public Task WriteAsync(Sandbox sandbox, string path, Stream content, CancellationToken cancellationToken) =>
        runtime.Items.WriteAsync(sandbox, Absolute(sandbox, path), content, cancellationToken);

    /// <summary>Makes a folder, with those above it. One that is there is no error.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">The folder's path.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is there.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>.</exception>
    public Task MakeDirectoryAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        runtime.Items.MakeDirectoryAsync(sandbox, Absolute(sandbox, path), cancellationToken);

    /// <summary>Moves or renames a file or folder.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="source">The path that it has.</param>
    /// <param name="destination">The path that it gets; an existing folder, or a path that ends in '/', is moved into.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The path that it has now.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>.</exception>
    public async Task<string> MoveAsync(Sandbox sandbox, string source, string destination, CancellationToken cancellationToken)
    {
        var from = Absolute(sandbox, source);
        var target = SandboxPath.Resolve(destination, sandbox.WorkingDirectory);
        var to = target == "/" ? target : target.TrimEnd('/');
        var existing = await runtime.StatAsync(sandbox, to, cancellationToken).ConfigureAwait(false);
        if (existing is { IsDirectory: true } || target.EndsWith('/'))
            to = SandboxPath.Combine(to, SandboxPath.Name(from));

        await runtime.Items.MoveAsync(sandbox, from, to, cancellationToken).ConfigureAwait(false);
        return to;
    }

    /// <summary>Removes a file, or a folder with all that is in it. A link is removed itself.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">The path; the root is refused.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>A task that ends when it is gone.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>.</exception>
    public Task RemoveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        var target = Absolute(sandbox, path);
        if (target == "/")
            throw InvalidOption.Create("Path", path, "is the whole sandbox", "Name what is to be removed, or remove the sandbox.");

        return runtime.Items.RemoveAsync(sandbox, target, cancellationToken);
    }

    /// <summary>What happens in a folder, until the enumeration is given up.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="path">The folder's path, or a file's.</param>
    /// <param name="recurse">Whether to watch all folders below it too, also those that come.</param>
    /// <param name="started">Called when everything from then on will be seen.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <returns>The events, in their order.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotFound"/>, <see cref="SandboxError.PathNotUsable"/>.</exception>
    public IAsyncEnumerable<SandboxFileEvent> WatchAsync(Sandbox sandbox, string path, bool recurse, Action started, CancellationToken cancellationToken) =>
        runtime.Items.WatchAsync(sandbox, Absolute(sandbox, path), recurse, started, cancellationToken);

    private static string Absolute(Sandbox sandbox, string path)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        var absolute = SandboxPath.Resolve(path, sandbox.WorkingDirectory);
        return absolute == "/" ? absolute : absolute.TrimEnd('/');
    }
}
