using System.Net;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What a runtime adds to a test of a sandbox's isolation: what it knows of the outside. Failures are those of <see cref="ISandboxRuntime"/>.</summary>
public interface ISandboxIsolation
{
    /// <summary>Where a sandbox stands.</summary>
    Task<IsolationGround> SurveyAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Makes another sandbox, on the same network, whose agent listens there. It is to be removed as any other, and ends by itself after some minutes.</summary>
    /// <returns>The sandbox, and its addresses.</returns>
    Task<(Sandbox Peer, IReadOnlyList<IPAddress> Addresses)> CreatePeerAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken);
}
