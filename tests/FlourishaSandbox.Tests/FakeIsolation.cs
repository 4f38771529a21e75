using System.Net;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>The outside of sandboxes in memory: they have no network, so that there is nobody to be reached.</summary>
internal sealed class FakeIsolation : ISandboxIsolation
{
    public Task<IsolationGround> SurveyAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult(new IsolationGround { HasNetwork = false, IsHere = true });

    public Task<(Sandbox Peer, IReadOnlyList<IPAddress> Addresses)> CreatePeerAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();
}
