using System.Globalization;
using System.Net;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Says by which URL a sandbox's port is reached, and waits until it answers there.</summary>
/// <param name="runtime">Knows where the engine is.</param>
/// <param name="settings">Names the engine's machine, where the user did.</param>
public sealed class HostRouter(ISandboxRuntime runtime, SandboxSettings settings)
{
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The address of a port.</summary>
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
        if (sandbox.State is not (SandboxState.Running or SandboxState.Suspended))
            throw new SandboxException(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' is {sandbox.State.ToString().ToLowerInvariant()}, so none of its ports can be reached.", sandbox, "Make a new one.");

        var published = port is null ? sandbox.Ports.FirstOrDefault(each => each.HostPort is not null) : sandbox.Ports.FirstOrDefault(each => each.Port == port && each.HostPort is not null);
        if (published is not { HostPort: { } hostPort, HostAddress: { } hostAddress })
        {
            if (sandbox.Network is NetworkPolicy.Internal or NetworkPolicy.Dedicated)
                return GetOwnAddress(sandbox, port);

            if (sandbox.Network == NetworkPolicy.None)
                throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' has no network, so none of its ports can be reached.", sandbox, "Make one with -Network Internal, which has no way out, but a way in from the engine's machine.");

            var others = sandbox.Ports.Count == 0 ? "It publishes none." : $"It publishes {string.Join(", ", sandbox.Ports.Select(each => each.Port))}.";
            throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' does not publish {(port is null ? "a port" : $"port {port}")}. {others}", sandbox, "Ports are named when a sandbox is made: New-Sandbox -Port 8000, or docker-sandbox init --port 8000.");
        }

        var listening = IPAddress.Parse(hostAddress);
        var isLoopback = IPAddress.IsLoopback(listening);
        if (isLoopback && !runtime.IsLocal && settings.HostName is null)
        {
            throw new SandboxException(
                SandboxError.PortNotReachable,
                $"Port {published.Port} of sandbox '{sandbox}' is published on {hostAddress} of {runtime.HostName}, which only that machine can reach.",
                sandbox,
                "Set FLOURISHA_PUBLISH_ADDRESS to an address of that machine before making the sandbox, or set FLOURISHA_HOST to the name of a proxy or tunnel in front of it.");
        }

        var host = settings.HostName ?? HostFor(listening, isLoopback);
        return new HostAddress
        {
            Sandbox = sandbox,
            Port = published.Port,
            Url = new UriBuilder(Uri.UriSchemeHttp, host, hostPort).Uri,
            Public = !isLoopback,
        };
    }

    /// <summary>The address of a port; that of the agent's own comes with the token that E2B's clients need for it.</summary>
    /// <param name="sandbox">The sandbox, as it is now.</param>
    /// <param name="port">The port inside it; null for the first one that it publishes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The address.</returns>
    /// <exception cref="SandboxException">As for <see cref="GetAddress"/>.</exception>
    public async Task<HostAddress> GetAddressAsync(Sandbox sandbox, int? port, CancellationToken cancellationToken)
    {
        if (port != EnvdProtocol.Port || await runtime.FindAgentAsync(sandbox, cancellationToken).ConfigureAwait(false) is not { } agent)
            return GetAddress(sandbox, port);

        return new HostAddress { Sandbox = sandbox, Port = EnvdProtocol.Port, Url = agent.Url, Token = agent.Token, Public = false };
    }

    /// <summary>Waits until something answers HTTP at an address, with any status below 500.</summary>
    /// <param name="address">The address.</param>
    /// <param name="path">The path to ask for, such as <c>/health</c>.</param>
    /// <param name="timeout">How long to wait, longer than nothing.</param>
    /// <param name="observer">Hears that it is waited for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The address, ready.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.TimedOut"/>: with what was answered last. <see cref="SandboxError.InvalidOption"/>: the path leads elsewhere, or there is no time.</exception>
#pragma warning disable CA1822 // A caller has one object for addresses, and need not know which answers depend on the engine.
    public async Task<HostAddress> WaitAsync(HostAddress address, string path, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(observer);
        var url = new Uri(address.Url, path);
        if (url.Authority != address.Url.Authority)
            throw InvalidOption.Create("Path", path, "is no path", "Give a path such as /health.");

        if (timeout <= TimeSpan.Zero && timeout != Timeout.InfiniteTimeSpan)
            throw InvalidOption.Create("Timeout", timeout, "is not positive", "Give a span such as 00:00:30.");

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Duration.ForTimer(timeout));

        // A proxy configured for this machine has no way to the sandbox, and a redirect would lead elsewhere.
        using var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false };
        using var client = new HttpClient(handler) { Timeout = RequestTimeout };
        observer.Verbose($"Waiting until {url} answers.");
        var activity = $"Waiting for {url}";
        var last = "nothing answered";
        try
        {
            while (true)
            {
                try
                {
                    using var response = await client.GetAsync(url, HttpCompletionOption.ResponseHeadersRead, limit.Token).ConfigureAwait(false);
                    if ((int)response.StatusCode < 500)
                        return address with { Ready = true };

                    last = string.Create(CultureInfo.InvariantCulture, $"it answers with status {(int)response.StatusCode}");
                }
                catch (HttpRequestException e)
                {
                    // The engine's proxy accepts connections before anything in the sandbox listens, and then closes them.
                    last = e.HttpRequestError == HttpRequestError.ResponseEnded ? "nothing listens in the sandbox, or only on its loopback address (bind to 0.0.0.0)" : e.Message;
                }
                catch (OperationCanceledException) when (!limit.IsCancellationRequested)
                {
                    last = $"it accepts connections, but answers nothing within {RequestTimeout.TotalSeconds:0} s";
                }

                observer.Report(new OperationProgress(activity, last));
                await Task.Delay(RetryInterval, limit.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SandboxException(SandboxError.TimedOut, $"{url} did not become ready within {timeout.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture)} s: {last}.", address.Sandbox, "See what the server in the sandbox says, and that it listens on 0.0.0.0.");
        }
        finally
        {
            observer.Report(new OperationProgress(activity, "") { Completed = true });
        }
    }
#pragma warning restore CA1822

    // Past everything that is published: nothing is, where there is no way out.
    private HostAddress GetOwnAddress(Sandbox sandbox, int? port)
    {
        if ((port ?? sandbox.Ports.Select(each => (int?)each.Port).FirstOrDefault()) is not { } number)
            throw new SandboxException(SandboxError.PortNotReachable, $"Sandbox '{sandbox}' names no port of its own.", sandbox, "Name the port that is meant.");

        if (runtime.Networks.FindAddress(sandbox) is not { } address)
            throw new SandboxException(SandboxError.PortNotReachable, $"Port {number} of sandbox '{sandbox}' is on a network inside of the engine's machine, where nothing is published and which this machine does not reach.", sandbox, "Ask on the engine's machine, or make the sandbox with -Network Isolated and -Port.");

        return new HostAddress { Sandbox = sandbox, Port = number, Url = new UriBuilder(Uri.UriSchemeHttp, address.ToString(), number).Uri, Public = false };
    }

    private string HostFor(IPAddress listening, bool isLoopback)
    {
        if (isLoopback && runtime.IsLocal)
            return listening.Equals(IPAddress.IPv6Loopback) ? $"[{listening}]" : listening.ToString();

        var isAny = listening.Equals(IPAddress.Any) || listening.Equals(IPAddress.IPv6Any);
        if (!isAny)
            return listening.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{listening}]" : listening.ToString();

        // Published for everybody: the URL is meant for everybody too, so it names the machine and not its loopback.
        return runtime.IsLocal ? Dns.GetHostName() : runtime.HostName;
    }
}
