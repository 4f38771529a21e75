using System.Net;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>What a test of isolation makes, written down. Its attempts are commands, and written down as such.</summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedIsolation(ISandboxIsolation inner, AuditRecorder recorder) : ISandboxIsolation
{
    /// <inheritdoc/>
    public Task<IsolationGround> SurveyAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.SurveyAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task<(Sandbox Peer, IReadOnlyList<IPAddress> Addresses)> CreatePeerAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("create-peer", sandbox), () => inner.CreatePeerAsync(sandbox, observer, cancellationToken), made => new AuditedEnd(made.Peer));
}
