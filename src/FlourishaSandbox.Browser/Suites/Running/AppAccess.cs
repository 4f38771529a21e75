using System.Globalization;
using System.Net;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>Reaches the app: from this machine by the address that users have, and from within its sandbox. Cookies are kept, for each way its own.</summary>
internal sealed class AppAccess : IDisposable
{
    private readonly HttpClient _inside;
    private readonly HttpClient _outside;
    private readonly SandboxException? _problem;

    private AppAccess(SandboxManager manager, Sandbox sandbox, int port, HostAddress? address, SandboxException? problem)
    {
        Address = address;
        _problem = problem;
        Port = port;
        _outside = CreateClient((context, cancellationToken) => HostConnection.OpenAsync(context.DnsEndPoint, cancellationToken));
        _inside = CreateClient(async (context, cancellationToken) => await manager.Ports.ConnectAsync(sandbox, port, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>The app's port inside the sandbox.</summary>
    public int Port { get; }

    /// <summary>The address that users have; null where they have none.</summary>
    public HostAddress? Address { get; }

    /// <summary>Finds out how the app is reached.</summary>
    /// <param name="manager">Knows addresses.</param>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="port">The port; null for the lowest that it publishes.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The ways.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PortNotReachable"/>: no port is named, and the sandbox has none.</exception>
    public static async Task<AppAccess> OpenAsync(SandboxManager manager, Sandbox sandbox, int? port, CancellationToken cancellationToken)
    {
        try
        {
            var address = await manager.Hosts.GetAddressAsync(sandbox, port, cancellationToken).ConfigureAwait(false);
            return new AppAccess(manager, sandbox, address.Port, address, problem: null);
        }
        catch (SandboxException e) when (e.Error == SandboxError.PortNotReachable && (port ?? FirstPort(sandbox)) is not null)
        {
            // What cannot be reached from here can be tested from within all the same.
            return new AppAccess(manager, sandbox, (port ?? FirstPort(sandbox))!.Value, address: null, e);
        }
    }

    /// <summary>The app's URL for a request.</summary>
    /// <param name="origin">Where the request comes from.</param>
    /// <returns>The URL, without a path.</returns>
    /// <exception cref="CheckFailedException">It cannot be reached from there.</exception>
    public Uri UrlFor(AppTestOrigin origin) => origin == AppTestOrigin.Inside
        ? new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), Port).Uri
        : Address?.Url ?? throw new CheckFailedException(_problem!.Message, _problem);

    /// <summary>Sends a request, and returns when the answer's head is there.</summary>
    /// <param name="origin">Where it comes from.</param>
    /// <param name="request">The request.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The answer.</returns>
    public Task<HttpResponseMessage> SendAsync(AppTestOrigin origin, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (origin == AppTestOrigin.Inside)
            return _inside.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

        if (Address?.Token is { } token)
            request.Headers.TryAddWithoutValidation(PortAccess.TokenHeader, token);

        return _outside.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    /// <summary>Asks once whether the app answers, by the way that users have where there is one.</summary>
    /// <param name="path">The path to ask for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null where it answers with a status below 500; else what it does instead.</returns>
    public async Task<string?> AskAsync(string path, CancellationToken cancellationToken)
    {
        if (Address is not null)
        {
            using var probe = new HostProbe(Address);
            var answer = await probe.AskAsync(new Uri(Address.Url, path), cancellationToken).ConfigureAwait(false);
            return answer.Kind == HostAnswerKind.Ready ? null : answer.Words;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HostProbe.RequestTimeout);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(UrlFor(AppTestOrigin.Inside), path));
            using var response = await SendAsync(AppTestOrigin.Inside, request, limit.Token).ConfigureAwait(false);
            return (int)response.StatusCode < 500 ? null : string.Create(CultureInfo.InvariantCulture, $"it answers with status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return Excerpt.Of((e.InnerException ?? e).Message).TrimEnd('.');
        }
        catch (SandboxException e) when (e.Error == SandboxError.PortNotReachable)
        {
            return Excerpt.Of(e.Message).TrimEnd('.');
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return $"it answers nothing within {HostProbe.RequestTimeout.TotalSeconds:0} s";
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _outside.Dispose();
        _inside.Dispose();
    }

    private static int? FirstPort(Sandbox sandbox) => sandbox.Ports.Select(port => (int?)port.Port).FirstOrDefault();

    // No proxy, which has no way to a sandbox; no redirects, which are the app's answer; nothing unpacked, which may be a bomb.
    private static HttpClient CreateClient(Func<SocketsHttpConnectionContext, CancellationToken, ValueTask<Stream>> connect)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = true,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 64,
            ResponseDrainTimeout = TimeSpan.FromSeconds(1),
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            ConnectCallback = connect,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
