using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>Suspending, stopping and checkpoints, written down.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedLifecycle(ISandboxLifecycle inner, AuditRecorder recorder) : ISandboxLifecycle
{
    /// <inheritdoc/>
    public Task<Sandbox> SuspendAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("suspend", sandbox) { Frees = true }, () => inner.SuspendAsync(sandbox, cancellationToken));

    /// <inheritdoc/>
    public Task<Sandbox> ResumeAsync(Sandbox sandbox, TimeSpan? timeout, TimeSpan fallback, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("resume", sandbox, ("timeout", timeout?.ToString())), () => inner.ResumeAsync(sandbox, timeout, fallback, cancellationToken));

    /// <inheritdoc/>
    public Task<Sandbox> StopAsync(Sandbox sandbox, TimeSpan grace, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("stop-sandbox", sandbox) { Frees = true }, () => inner.StopAsync(sandbox, grace, cancellationToken));

    /// <inheritdoc/>
    public Task<Sandbox> StartAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("start-sandbox", sandbox), () => inner.StartAsync(sandbox, cancellationToken));

    /// <inheritdoc/>
    public Task<SandboxSpecification> SpecifyAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.SpecifyAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task<string> CommitAsync(Sandbox sandbox, CheckpointLabel? checkpoint, OperationObserver observer, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction(checkpoint is null ? "copy-sandbox" : "checkpoint", sandbox, ("checkpoint", checkpoint?.Name)), () => inner.CommitAsync(sandbox, checkpoint, observer, cancellationToken));

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxCheckpoint>> ListCheckpointsAsync(CancellationToken cancellationToken) => inner.ListCheckpointsAsync(cancellationToken);

    /// <inheritdoc/>
    public Task RemoveCheckpointAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return recorder.RecordAsync(new AuditedAction("remove-checkpoint", Sandbox: null, ("checkpoint", checkpoint.Name)) { Frees = true }, () => inner.RemoveCheckpointAsync(checkpoint, cancellationToken));
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(string image, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("release-image", Sandbox: null, ("image", image)) { Frees = true }, () => inner.ReleaseAsync(image, cancellationToken));
}
