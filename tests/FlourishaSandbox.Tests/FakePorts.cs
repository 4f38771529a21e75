using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Ports of sandboxes in memory: nothing listens on any.</summary>
internal sealed class FakePorts : ISandboxPorts
{
    public Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        Task.FromException<Stream>(new SandboxException(SandboxError.PortNotReachable, $"Nothing takes connections on port {port} of sandbox '{sandbox}'.", sandbox));

    public async Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        throw new InvalidOperationException("Nobody connects in memory.");
    }
}
