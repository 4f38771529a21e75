using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Ports of a runtime's sandboxes: by way of their agents, for which nothing has to be published and nothing is reachable for others, and
/// published. Every method also throws <see cref="SandboxError.AgentUnavailable"/> where the sandbox has no agent, and what every method of
/// <see cref="ISandboxRuntime"/> throws.
/// </summary>
public interface ISandboxPorts
{
    /// <summary>Connects to what listens on a TCP port in a sandbox, also where it listens on loopback only.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port, 1 to 65535.</param>
    /// <param name="cancellationToken">Ends the attempt; the connection that came of it lives on.</param>
    /// <returns>The connection, read and written asynchronously only. Disposing it closes it; what is hostile is on its other end.</returns>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.PortNotReachable"/>: nothing takes connections there.</exception>
    Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a process of a sandbox to connect to a TCP port on its loopback, where its agent listens as long as somebody waits, and
    /// two seconds longer. Of several who wait, one gets the connection.
    /// </summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port, 1024 to 65535.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>The connection, as of <see cref="ConnectAsync"/>.</returns>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.PortNotReachable"/>: another process listens there.</exception>
    Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken);

    /// <summary>The ports on which processes in a sandbox listen, in ascending order. What it says is the sandbox's word.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.AgentUnavailable"/>: it has no agent, or one that cannot say.</exception>
    Task<IReadOnlyList<SandboxListener>> ListAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>
    /// Publishes a port that was not named when the sandbox was made, or finds where it was published before: however many ask at the same
    /// time, it is published once. It goes with the sandbox. On failure nothing is left behind.
    /// </summary>
    /// <returns>Where it is published.</returns>
    /// <exception cref="SandboxException">
    /// Also <see cref="SandboxError.PortNotReachable"/>: the sandbox has no network, or it is the agent's port.
    /// <see cref="SandboxError.AgentUnavailable"/>: there is no program for the engine's platform that could forward.
    /// </exception>
    Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, OperationObserver observer, CancellationToken cancellationToken);
}
