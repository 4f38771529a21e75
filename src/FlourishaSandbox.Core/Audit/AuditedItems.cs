using FlourishaSandbox.Files;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Files, written down: what was read and changed. What is in them is not.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedItems(ISandboxItems inner, AuditRecorder recorder) : ISandboxItems
{
    /// <inheritdoc/>
    public Task<SandboxItem?> FindAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) => inner.FindAsync(sandbox, path, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxItem>> ListAsync(Sandbox sandbox, string path, bool recurse, CancellationToken cancellationToken) => inner.ListAsync(sandbox, path, recurse, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> ReadAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("file-read", sandbox, path), () => inner.ReadAsync(sandbox, path, cancellationToken));

    /// <inheritdoc/>
    public Task WriteAsync(Sandbox sandbox, string path, Stream content, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("file-write", sandbox, path), () => inner.WriteAsync(sandbox, path, content, cancellationToken));

    /// <inheritdoc/>
    public Task MakeDirectoryAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("file-mkdir", sandbox, path), () => inner.MakeDirectoryAsync(sandbox, path, cancellationToken));

    /// <inheritdoc/>
    public Task MoveAsync(Sandbox sandbox, string source, string destination, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("file-move", sandbox, ("path", source), ("destination", destination)), () => inner.MoveAsync(sandbox, source, destination, cancellationToken));

    /// <inheritdoc/>
    public Task RemoveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        recorder.RecordAsync(Of("file-remove", sandbox, path) with { Frees = true }, () => inner.RemoveAsync(sandbox, path, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<SandboxFileEvent> WatchAsync(Sandbox sandbox, string path, bool recurse, Action started, CancellationToken cancellationToken) =>
        inner.WatchAsync(sandbox, path, recurse, started, cancellationToken);

    private static AuditedAction Of(string name, Sandbox sandbox, string path) => new(name, sandbox, ("path", path));
}
