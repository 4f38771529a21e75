using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>The removal of what sandboxes left, written down.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedRemains(ISandboxRemains inner, AuditRecorder recorder) : ISandboxRemains
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<Remnant>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Sandbox?> ConfirmAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.ConfirmAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveHalfMadeAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("remove", sandbox) { Frees = true }, () => inner.RemoveHalfMadeAsync(sandbox, cancellationToken));

    /// <inheritdoc/>
    public Task<bool> RemoveAsync(Remnant remnant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(remnant);
        return recorder.RecordAsync(new AuditedAction("remove-remnant", Sandbox: null, ("kind", remnant.Kind.ToString()), ("name", remnant.Name)) { Frees = true }, () => inner.RemoveAsync(remnant, cancellationToken));
    }
}
