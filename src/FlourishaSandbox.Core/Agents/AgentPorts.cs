using System.Globalization;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Agents;

/// <summary>Ports of sandboxes, through the agent.</summary>
/// <param name="agents">The agents.</param>
internal sealed class AgentPorts(AgentDirectory agents)
{
    /// <summary>See <see cref="Runtimes.ISandboxPorts.ConnectAsync"/>.</summary>
    public Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        OpenAsync(EnvdRoutes.Tunnel, sandbox, port, refusal => refusal.Code == ConnectCode.NotFound
            ? new SandboxException(SandboxError.PortNotReachable, $"Nothing takes connections on port {port} of sandbox '{sandbox}'.", sandbox, "Start the server, and look at what it says; Get-SandboxProcess and Receive-SandboxProcess show it.", refusal)
            : null, cancellationToken);

    /// <summary>See <see cref="Runtimes.ISandboxPorts.AcceptAsync"/>.</summary>
    public Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) =>
        OpenAsync(EnvdRoutes.Accept, sandbox, port, refusal => refusal.Code == ConnectCode.AlreadyExists
            ? new SandboxException(SandboxError.PortNotReachable, $"Port {port} of sandbox '{sandbox}' is taken: another process listens there.", sandbox, "Choose another port, or end that process.", refusal)
            : null, cancellationToken);

    private Task<Stream> OpenAsync(string route, Sandbox sandbox, int port, Func<ConnectException, SandboxException?> refused, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentOutOfRangeException.ThrowIfLessThan(port, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(port, ushort.MaxValue);
        var path = string.Create(CultureInfo.InvariantCulture, $"{route}?port={port}");
        return agents.AskAsync(sandbox, agent => agent.TunnelAsync(path, cancellationToken), refused);
    }
}
