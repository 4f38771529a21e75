using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Agents;

/// <summary>
/// The way to one sandbox's agent. The ways that are possible are tried in their order, and the first that leads there is kept.
/// </summary>
internal sealed class AgentConnection : IDisposable
{
    /// <summary>Where the agent's volume is in every sandbox that has one.</summary>
    public const string Folder = "/.flourisha";

    /// <summary>The agent's program in there.</summary>
    public const string Program = Folder + "/agent";

    // On one machine a connection is made in well under a millisecond, or refused.
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan FirstPatience = TimeSpan.FromMilliseconds(25);

    private readonly DockerClient _engine;
    private readonly AgentKey _key;
    private readonly AgentAddress _address;
    private readonly string _sandboxId;
    private AgentAddress _current;
    private AgentRoute? _route;
    private string? _token;
    private string _detour = "";

    /// <summary>Creates the way. Nothing is connected yet.</summary>
    public AgentConnection(DockerClient engine, AgentKey key, string sandboxId, AgentAddress address)
    {
        _engine = engine;
        _key = key;
        _sandboxId = sandboxId;
        _address = _current = address;
        Http = CreateHttp();
    }

    /// <summary>Sends requests over kept connections.</summary>
    public HttpClient Http { get; private set; }

    /// <summary>The address that this way was made for.</summary>
    public AgentAddress Address => _address;

    /// <summary>The way that led there last; null where none was tried yet.</summary>
    public AgentRoute? Route => _route;

    /// <summary>Whether the address was just learnt, and nothing listens there yet: the engine is not asked for another one.</summary>
    public bool IsNew { get; set; }

    /// <summary>Whether the agent took the token.</summary>
    public bool IsTokenProven { get; set; }

    /// <summary>The access token: what follows from this user's key, unless the agent said that it is another.</summary>
    public string Token => _token ??= _key.TokenFor(_address.Creation);

    /// <summary>Opens a connection.</summary>
    /// <exception cref="AgentLostException">No way leads there.</exception>
    public Task<TransportStream> ConnectAsync(CancellationToken cancellationToken) => ConnectAsync(isBulk: false, cancellationToken);

    /// <summary>Opens a connection for much data: one that blocks, where that is faster.</summary>
    /// <exception cref="AgentLostException">No way leads there.</exception>
    public Task<TransportStream> ConnectForBulkAsync(CancellationToken cancellationToken) => ConnectAsync(isBulk: true, cancellationToken);

    /// <summary>
    /// Asks the agent for its token, as one who may use the engine: through an exec, which the agent knows from everything that runs in the
    /// sandbox. For sandboxes that were made with another user's key.
    /// </summary>
    /// <returns>True where the token is another one than was used so far.</returns>
    public async Task<bool> RenewTokenAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var exchange = new AgentExchange(await ConnectRelayAsync(cancellationToken).ConfigureAwait(false), token: null);
            var (_, body) = await exchange.GetAsync(EnvdRoutes.Token, cancellationToken).ConfigureAwait(false);
            using var reader = new StreamReader(body);
            var buffer = new char[256];
            var count = await reader.ReadBlockAsync(buffer, cancellationToken).ConfigureAwait(false);
            var token = new string(buffer, 0, count).Trim();
            var isOther = token.Length > 0 && token != Token;
            if (isOther)
                _token = token;

            return isOther;
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or IOException)
        {
            // Where there is no such sandbox any more, another one has its address by now.
            throw new AgentLostException(e.Message, e);
        }
    }

    /// <summary>By which way the agent is reached, and why by no better one. Tries it where it was not tried yet.</summary>
    public async Task<string> DescribeAsync(CancellationToken cancellationToken)
    {
        if (_route is null)
        {
            try
            {
                // The connection that this opens is there for the next request.
                using var answer = await Http.GetAsync(new Uri(EnvdRoutes.Health, UriKind.Relative), cancellationToken).ConfigureAwait(false);
            }
            catch (HttpRequestException e)
            {
                return $"its agent does not answer: {e.InnerException?.Message ?? e.Message}";
            }
        }

        return $"through its agent, {_route}{_detour}";
    }

    /// <inheritdoc/>
    public void Dispose() => Http.Dispose();

    private HttpClient CreateHttp() =>
        new(new SocketsHttpHandler
        {
            ConnectCallback = async (_, token) => await ConnectAsync(token).ConfigureAwait(false),
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            ConnectTimeout = Timeout.InfiniteTimeSpan,
            ResponseDrainTimeout = TimeSpan.Zero,
            // Shorter than the agent's own, so that a request never meets a connection that is just being closed.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),
        })
        { Timeout = Timeout.InfiniteTimeSpan, BaseAddress = new Uri("http://agent/") };

    /// <summary>Looks whether the sandbox is somewhere else by now: one that was stopped and started again may be.</summary>
    /// <returns>True where it is; from then on this way leads there.</returns>
    public async Task<bool> RelocateAsync(CancellationToken cancellationToken)
    {
        try
        {
            var container = await _engine.Containers.InspectAsync(_sandboxId, cancellationToken).ConfigureAwait(false);
            if (!container.State.Running || SandboxMapping.ToAgent(container) is not { Ip: not null } address || address == _current)
                return false;

            // Kept connections lead to whoever has the old address now. Requests that are under way end as they may.
            (_current, _route, Http) = (address, null, CreateHttp());
            return true;
        }
        catch (Exception e) when (e is DockerException or DockerUnreachableException or IOException)
        {
            return false; // what could not be reached stays so, which is what is told
        }
    }

    private async Task<TransportStream> ConnectAsync(bool isBulk, CancellationToken cancellationToken)
    {
        try
        {
            return await TryRoutesAsync(isBulk, cancellationToken).ConfigureAwait(false);
        }
        catch (AgentLostException)
        {
            if (IsNew || !await RelocateAsync(cancellationToken).ConfigureAwait(false))
                throw;

            return await TryRoutesAsync(isBulk, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<TransportStream> TryRoutesAsync(bool isBulk, CancellationToken cancellationToken)
    {
        var known = _route;
        var failures = new List<string>();
        Exception? last = null;
        foreach (var route in known is null ? AgentRoutes.For(_engine.Endpoint, _current) : [known])
        {
            try
            {
                var connection = await ConnectAsync(route, isBulk, cancellationToken).ConfigureAwait(false);
                if (known is null)
                    _detour = failures.Count > 0 ? $", because {string.Join("; ", failures)}" : "";

                _route = route;
                return connection;
            }
            catch (Exception e) when (e is SocketException or IOException or DockerException or DockerUnreachableException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                last = e;
                failures.Add($"{route} it is not reached ({(e is OperationCanceledException ? "nothing answered" : e.Message)})");

                // Nothing listens yet, or any more: another way leads to the same place.
                if (e is SocketException { SocketErrorCode: SocketError.ConnectionRefused } && route.Kind == AgentRouteKind.Direct)
                    break;
            }
        }

        _route = null;
        throw new AgentLostException(string.Join("; ", failures), last);
    }

    private async Task<TransportStream> ConnectAsync(AgentRoute route, bool isBulk, CancellationToken cancellationToken)
    {
        if (route.Kind == AgentRouteKind.Relay)
            return await ConnectRelayAsync(cancellationToken).ConfigureAwait(false);

        if (isBulk && !OperatingSystem.IsWindows())
            return BlockingSocketTransport.ConnectTcp(IPAddress.Parse(route.Host), route.Port, ConnectLimit);

        // While a sandbox's network is just coming up, a first packet may be lost, and the kernel sends it again after a whole second.
        var started = Stopwatch.GetTimestamp();
        for (var patience = FirstPatience; ; patience *= 2)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(patience);
            try
            {
                return await SocketTransport.ConnectTcpAsync(route.Host, route.Port, limit.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && Stopwatch.GetElapsedTime(started) < ConnectLimit)
            {
                continue;
            }
        }
    }

    private async Task<RelayTransport> ConnectRelayAsync(CancellationToken cancellationToken)
    {
        var request = new ExecCreateRequest { Cmd = [Program, "relay"], AttachStdin = true, AttachStdout = true, AttachStderr = true };
        var exec = await _engine.Execs.CreateAsync(_sandboxId, request, cancellationToken).ConfigureAwait(false);
        return new RelayTransport(await _engine.Execs.StartAsync(exec, tty: false, cancellationToken).ConfigureAwait(false));
    }
}
