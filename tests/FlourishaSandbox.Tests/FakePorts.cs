using FlourishaSandbox.Hosting;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Ports of sandboxes in memory: nothing takes connections on any, and what is published is noted.</summary>
internal sealed class FakePorts : ISandboxPorts
{
    /// <summary>What listens, in every sandbox.</summary>
    public List<SandboxListener> Listening { get; } = [];

    /// <summary>What was published.</summary>
    public List<PortPublication> Published { get; } = [];

    public Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        Task.FromException<Stream>(new SandboxException(SandboxError.PortNotReachable, $"Nothing takes connections on port {port} of sandbox '{sandbox}'.", sandbox));

    public async Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("Nobody connects in memory.");
    }

    public Task<IReadOnlyList<SandboxListener>> ListAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<SandboxListener>>([.. Listening.Select(listener => listener with { Sandbox = sandbox })]);

    public Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, OperationObserver observer, CancellationToken cancellationToken)
    {
        Published.Add(publication);
        return Task.FromResult(new SandboxPort(publication.Port, publication.Address, 50000));
    }
}
