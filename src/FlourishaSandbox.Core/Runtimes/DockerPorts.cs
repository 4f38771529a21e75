using System.Globalization;
using System.Net;
using FlourishaSandbox.Agents;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>Ports of sandboxes on a Docker Engine: their agents know who listens, and the engine publishes.</summary>
/// <param name="agents">The ways to the agents.</param>
/// <param name="networks">The sandboxes' networks.</param>
internal sealed class DockerPorts(AgentDirectory agents, DockerSandboxNetworks networks) : ISandboxPorts
{
    // Where the engine answers questions for names, in the sandbox's own network, on a port of its choice. No process there listens.
    private static readonly IPAddress s_resolver = IPAddress.Parse("127.0.0.11");

    private readonly AgentPorts _tunnels = new(agents);

    /// <inheritdoc/>
    public Task<Stream> ConnectAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) => _tunnels.ConnectAsync(sandbox, port, cancellationToken);

    /// <inheritdoc/>
    public Task<Stream> AcceptAsync(Sandbox sandbox, int port, CancellationToken cancellationToken) => _tunnels.AcceptAsync(sandbox, port, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxListener>> ListAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        agents.AskAsync<IReadOnlyList<SandboxListener>>(sandbox, async agent =>
        {
            var list = await agent.GetAsync(EnvdRoutes.Ports, EnvdJson.Default.PortList, cancellationToken).ConfigureAwait(false);
            return [.. from one in list.Ports
                       let address = IPAddress.TryParse(one.Address, out var parsed) ? parsed : null
                       where address is not null && (one.Pid is not null || !address.Equals(s_resolver)) && one.Port is >= IPEndPoint.MinPort and <= IPEndPoint.MaxPort
                       orderby one.Port
                       select new SandboxListener { Sandbox = sandbox, Port = one.Port, Address = address, ProcessId = one.Pid, ProcessName = one.Name, StartedProcessId = one.Process }];
        }, refusal => refusal.Code is ConnectCode.NotFound or ConnectCode.Unimplemented
            ? new SandboxException(SandboxError.AgentUnavailable, $"The agent of sandbox '{sandbox}' is of version {sandbox.AgentVersion}, which does not say what listens.", sandbox, "Make the sandbox anew.")
            : null);

    /// <inheritdoc/>
    public Task<SandboxPort> PublishAsync(Sandbox sandbox, PortPublication publication, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(publication);
        ArgumentNullException.ThrowIfNull(observer);
        if (sandbox.Network == NetworkPolicy.None)
            throw new SandboxException(SandboxError.PortNotReachable, string.Create(CultureInfo.InvariantCulture, $"Port {publication.Port} of sandbox '{sandbox}' cannot be published: it has no network."), sandbox, "Make one with -Network Internal, which has no way out, but a way in.");

        if (publication.Port == EnvdProtocol.Port)
            throw new SandboxException(SandboxError.PortNotReachable, string.Create(CultureInfo.InvariantCulture, $"Port {publication.Port} of sandbox '{sandbox}' is its agent's, and is not published."), sandbox, "Use the cmdlets or docker-sandbox, which find a way of their own.");

        if (sandbox.Creation is null)
            throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' does not bear the mark of its creation, so nothing can be added that would go with it.", sandbox, "Name the port when a sandbox is made.");

        return DockerErrors.TranslateAsync(() => networks.PublishAsync(sandbox, publication, observer, cancellationToken), sandbox);
    }
}
