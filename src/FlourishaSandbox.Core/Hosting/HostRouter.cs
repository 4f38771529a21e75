using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Hosting;

/// <summary>Says by which URL a sandbox's port is reached, and waits until it answers there.</summary>
/// <param name="runtime">Knows where the engine is.</param>
/// <param name="settings">Names the engine's machine, where the user did.</param>
public sealed class HostRouter(ISandboxRuntime runtime, SandboxSettings settings)
{
    private readonly HostWait _wait = new(runtime);

    /// <summary>The address of a port that is published already, or that this machine reaches anyhow; nothing is asked and nothing made for it.</summary>
    /// <param name="sandbox">The sandbox, as it is now.</param>
    /// <param name="port">The port inside it; null for the first one that it publishes.</param>
    /// <returns>The address.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.PortNotReachable"/>: the port is not published, the sandbox has no network, or one that this machine does not reach, or it is published on a loopback address of a machine that is not this one.
    /// <see cref="SandboxError.SandboxNotRunning"/>: a sandbox that does not run has no ports.
    /// </exception>
    public HostAddress GetAddress(Sandbox sandbox, int? port)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        RequireRunning(sandbox);
        if (FindPublished(sandbox, port) is { } published)
            return ToAddress(sandbox, published);

        if (sandbox.Network is NetworkPolicy.Internal or NetworkPolicy.Dedicated)
        {
            var number = NumberOf(sandbox, port);
            return FindOwnAddress(sandbox, number) ?? throw new SandboxException(SandboxError.PortNotReachable, $"Port {number} of sandbox '{sandbox}' is on a network inside of the engine's machine, where nothing is published and which this machine does not reach.", sandbox, "Ask for it with Get-SandboxHost or 'docker-sandbox get-host', which publish it.");
        }

        RequireNetwork(sandbox);
        var others = sandbox.Ports.Count == 0 ? "It publishes none." : $"It publishes {string.Join(", ", sandbox.Ports.Select(each => each.Port))}.";
        throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' does not publish {(port is null ? "a port" : $"port {port}")}. {others}", sandbox, "Ask for it with Get-SandboxHost or 'docker-sandbox get-host', which publish it, or name it when a sandbox is made.");
    }

    /// <summary>
    /// The address of a port, by the sandbox's own routing. A port that was not named when the sandbox was made is published now, and stays so
    /// as long as the sandbox is there. That of the agent's own comes with the token that E2B's clients need for it.
    /// </summary>
    /// <param name="sandbox">The sandbox, as it is now.</param>
    /// <param name="port">The port inside it; null for the first one that was named when it was made.</param>
    /// <param name="observer">Hears by which way it is reached.</param>
    /// <param name="cancellationToken">Ends the wait. What was begun is undone.</param>
    /// <returns>The address.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.PortNotReachable"/>: no port is named, the sandbox has no network, Traefik was told other ports, or the port would be published on a loopback address of a machine that is not this one.
    /// <see cref="SandboxError.SandboxNotRunning"/>: a sandbox that does not run has no ports. Also what the runtime throws.
    /// </exception>
    public async Task<HostAddress> GetAddressAsync(Sandbox sandbox, int? port, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(observer);
        RequireRunning(sandbox);
        if (port == EnvdProtocol.Port && await runtime.FindAgentAsync(sandbox, cancellationToken).ConfigureAwait(false) is { } agent)
            return new HostAddress { Sandbox = sandbox, Port = EnvdProtocol.Port, Url = agent.Url, Token = agent.Token, Public = false };

        var (address, way) = await RouteAsync(sandbox, port, observer, cancellationToken).ConfigureAwait(false);
        observer.Verbose($"Port {address.Port} of sandbox '{sandbox}' is reached {way}: {address}");
        return address;
    }

    /// <summary>The same with nobody who hears of it.</summary>
    /// <param name="sandbox">The sandbox, as it is now.</param>
    /// <param name="port">The port inside it; null for the first one that was named when it was made.</param>
    /// <param name="cancellationToken">Ends the wait. What was begun is undone.</param>
    /// <returns>The address.</returns>
    /// <exception cref="SandboxException">As for the other one.</exception>
    public Task<HostAddress> GetAddressAsync(Sandbox sandbox, int? port, CancellationToken cancellationToken) => GetAddressAsync(sandbox, port, OperationObserver.None, cancellationToken);

    /// <summary>Waits until something answers HTTP at an address, with any status below 500.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">The path to ask for, such as <c>/health</c>.</param>
    /// <param name="timeout">How long to wait, longer than nothing.</param>
    /// <param name="observer">Hears that it is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The address, ready.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.TimedOut"/>: with why it does not answer, as far as can be told, and the last lines of the server's log.
    /// <see cref="SandboxError.AppEnded"/>: likewise, before the time is over: what was started last has failed, and nothing is left that could answer.
    /// <see cref="SandboxError.InvalidOption"/>: the path leads elsewhere, or there is no time.
    /// </exception>
    public Task<HostAddress> WaitAsync(HostAddress address, string path, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(observer);
        var url = new Uri(address.Url, path);
        if (url.Authority != address.Url.Authority)
            throw InvalidOption.Create("Path", path, "is no path", "Give a path such as /health.");

        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw InvalidOption.Create("Timeout", timeout, "is not positive", "Give a span such as 00:00:30.");

        observer.Verbose($"Waiting until {url} answers.");
        return _wait.WaitAsync(address, url, timeout, observer, cancellationToken);
    }

    private static void RequireRunning(Sandbox sandbox)
    {
        if (sandbox.State is not (SandboxState.Running or SandboxState.Suspended))
            throw NotRunning.Create(sandbox, sandbox.State);
    }

    private static void RequireNetwork(Sandbox sandbox)
    {
        if (sandbox.Network == NetworkPolicy.None)
            throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' has no network, so none of its ports can be reached.", sandbox, "Make one with -Network Internal, which has no way out, but a way in from the engine's machine.");
    }

    private static int NumberOf(Sandbox sandbox, int? port) =>
        port ?? sandbox.Ports.Select(each => (int?)each.Port).FirstOrDefault()
            ?? throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' names no port of its own.", sandbox, "Name the port that is meant.");

    private static SandboxPort? FindPublished(Sandbox sandbox, int? port) => sandbox.Ports.FirstOrDefault(each => each.HostPort is not null && (port is null || each.Port == port));

    private async Task<(HostAddress Address, string Way)> RouteAsync(Sandbox sandbox, int? port, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (sandbox.Routing == HostRouting.Traefik)
        {
            var named = TraefikNames.AddressOf(sandbox, NumberOf(sandbox, port));
            await runtime.Networks.EnsureStartedAsync(sandbox, cancellationToken).ConfigureAwait(false);
            return (named, "through Traefik");
        }

        if (sandbox.Routing == HostRouting.Gateway)
            return (AtGateway(sandbox, NumberOf(sandbox, port)), "through the gateway");

        if (FindPublished(sandbox, port) is { } published)
            return (ToAddress(sandbox, published), "where the engine publishes it");

        RequireNetwork(sandbox);
        var number = NumberOf(sandbox, port);

        // Where there is no way out nothing is published; on this machine that is no loss.
        if (KeepsInside(sandbox) && FindOwnAddress(sandbox, number) is { } own)
            return (own, "in its own network");

        RequireReach(sandbox, number, settings.PublishAddress);
        var publication = new PortPublication
        {
            Port = number,
            Address = settings.PublishAddress,
            SubnetRange = SubnetRange.Parse(nameof(SandboxSettings.SubnetRange), settings.SubnetRange),
            Maker = SessionRecords.Maker,
        };
        return (ToAddress(sandbox, await runtime.Ports.PublishAsync(sandbox, publication, observer, cancellationToken).ConfigureAwait(false)), "by a forwarder, which the engine publishes");
    }

    // Never published beside it: what the gateway keeps, nothing else may open.
    private HostAddress AtGateway(Sandbox sandbox, int port)
    {
        RequireNetwork(sandbox);
        var isExposed = GatewayAddress.IsExposed(settings);
        return new HostAddress
        {
            Sandbox = sandbox,
            Port = port,
            Url = GatewayAddress.UrlFor(settings, sandbox, port),
            Routing = HostRouting.Gateway,
            Public = isExposed,
            Token = PortAccess.IsPrivate(sandbox, port, isExposed) ? new PortAccess().TokenFor(sandbox, port) : null,
        };
    }

    private bool KeepsInside(Sandbox sandbox) =>
        (sandbox.Network == NetworkPolicy.Internal || sandbox.AllowHosts.Count + sandbox.DenyHosts.Count > 0) && settings.HostName is null && IPAddress.IsLoopback(IPAddress.Parse(settings.PublishAddress));

    // Past everything that is published.
    private HostAddress? FindOwnAddress(Sandbox sandbox, int port) => runtime.Networks.FindAddress(sandbox) is { } address
        ? new HostAddress { Sandbox = sandbox, Port = port, Url = new UriBuilder(Uri.UriSchemeHttp, Bracketed(address), port).Uri, Public = false }
        : null;

    private HostAddress ToAddress(Sandbox sandbox, SandboxPort published)
    {
        RequireReach(sandbox, published.Port, published.HostAddress!);
        var listening = IPAddress.Parse(published.HostAddress!);
        return new HostAddress
        {
            Sandbox = sandbox,
            Port = published.Port,
            Url = new UriBuilder(Uri.UriSchemeHttp, settings.HostName ?? HostFor(listening), published.HostPort!.Value).Uri,
            Public = !IPAddress.IsLoopback(listening),
        };
    }

    private void RequireReach(Sandbox sandbox, int port, string address)
    {
        if (!IPAddress.IsLoopback(IPAddress.Parse(address)) || runtime.IsLocal || settings.HostName is not null)
            return;

        throw new SandboxException(
            SandboxError.PortNotReachable,
            $"Port {port} of sandbox '{sandbox}' is published on {address} of {runtime.HostName}, which only that machine can reach.",
            sandbox,
            "Set FLOURISHA_PUBLISH_ADDRESS to an address of that machine before making the sandbox, or set FLOURISHA_HOST to the name of a proxy or tunnel in front of it.");
    }

    private string HostFor(IPAddress listening)
    {
        // Published for everybody: the URL is meant for everybody too, so it names the machine and not its loopback.
        if (listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any))
            return runtime.IsLocal ? Dns.GetHostName() : runtime.HostName;

        return Bracketed(listening);
    }

    private static string Bracketed(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
