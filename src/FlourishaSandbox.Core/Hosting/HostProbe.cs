using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Asks an address as its users do: by its very URL, with its token.</summary>
internal sealed class HostProbe : IDisposable
{
    /// <summary>The header in which the gateway says that it answers itself, and why.</summary>
    public const string GatewayHeader = "X-Flourisha-Gateway";

    /// <summary>How long an app may take to answer.</summary>
    public static readonly TimeSpan RequestTimeout = TimeSpan.FromSeconds(5);

    private const string Localhost = "localhost";
    private const int MostRedirects = 10;
    private const int LongestWords = 200;

    // What Traefik says of a name that none of its routers has: Go's own words, as it has no others.
    private const string TraefikNotFound = "404 page not found";

    private readonly HostAddress _address;
    private readonly HttpClient _client;
    private volatile bool _isConnected;

    /// <summary>Prepares to ask.</summary>
    /// <param name="address">The address.</param>
    public HostProbe(HostAddress address)
    {
        _address = address;

        // A proxy configured for this machine has no way to the sandbox, and redirects are looked at before they are followed.
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, ConnectCallback = ConnectAsync, PooledConnectionLifetime = TimeSpan.Zero };
        _client = new HttpClient(handler) { Timeout = RequestTimeout };
    }

    /// <summary>Asks once.</summary>
    /// <param name="url">The URL, of the address that it was made for.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async Task<HostAnswer> AskAsync(Uri url, CancellationToken cancellationToken)
    {
        _isConnected = false;
        try
        {
            for (var i = 0; i < MostRedirects; i++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, url);
                if (_address.Token is { } token)
                    request.Headers.TryAddWithoutValidation(PortAccess.TokenHeader, token);

                using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
                if (await JudgeAsync(response, cancellationToken).ConfigureAwait(false) is { } answer)
                    return answer;

                var next = new Uri(url, response.Headers.Location!);
                if (next.Authority != url.Authority || next.Scheme != url.Scheme)
                    return IsInside(next) ? new HostAnswer(HostAnswerKind.Astray, $"it leads on to {Shown(next.ToString())}, where only the sandbox itself would find it", (int)response.StatusCode) : Ready;

                url = next;
            }

            return new HostAnswer(HostAnswerKind.Astray, $"it leads from one path to the next without an end, and did so {MostRedirects} times, at last to {Shown(url.PathAndQuery)}");
        }
        catch (HttpRequestException e)
        {
            return Judge(e);
        }
        catch (IOException)
        {
            return Closed;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Unanswered(RequestTimeout);
        }
    }

    /// <summary>What a request has come to that was ended before there was an answer.</summary>
    /// <param name="waited">How long it was waited for.</param>
    public HostAnswer Unanswered(TimeSpan waited)
    {
        var seconds = waited.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture);
        return _isConnected
            ? new HostAnswer(HostAnswerKind.Silent, $"it accepts connections, but answers nothing within {seconds} s")
            : new HostAnswer(HostAnswerKind.Failed, $"no connection comes about within {seconds} s");
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static HostAnswer Ready { get; } = new(HostAnswerKind.Ready, "");

    private static HostAnswer Closed { get; } = new(HostAnswerKind.Closed, "nothing listens in the sandbox, or only on its loopback address (bind to 0.0.0.0)");

    private static string Shown(string text) => Printable.Line(text.Length > LongestWords ? text[..LongestWords] + "…" : text);

    // A name that leads to the caller's own machine, from wherever it is looked at: an app that knows its own address only.
    private static bool IsInside(Uri url) =>
        url.Host == Localhost || (IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) && (IPAddress.IsLoopback(address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any)));

    // Null for a redirect that has to be looked at.
    private async Task<HostAnswer?> JudgeAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (_address.Routing == HostRouting.Gateway && response.Headers.TryGetValues(GatewayHeader, out var reasons))
            return new HostAnswer(HostAnswerKind.Gateway, $"the gateway answers with status {status} ({Shown(string.Join(", ", reasons))})", status, reasons.FirstOrDefault());

        if (status >= 500)
            return new HostAnswer(HostAnswerKind.ServerError, string.Create(CultureInfo.InvariantCulture, $"it answers with status {status}"), status);

        if (_address.Routing == HostRouting.Traefik && status == 404 && await BeginsWithAsync(response, TraefikNotFound, cancellationToken).ConfigureAwait(false))
            return new HostAnswer(HostAnswerKind.Unrouted, "Traefik leads this name nowhere", status);

        return status is 301 or 302 or 303 or 307 or 308 && response.Headers.Location is not null ? null : Ready with { Status = status };
    }

    private static async Task<bool> BeginsWithAsync(HttpResponseMessage response, string words, CancellationToken cancellationToken)
    {
        var buffer = new byte[words.Length + 2];
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
            return Encoding.ASCII.GetString(buffer, 0, await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false)).TrimEnd() == words;
    }

    // The engine's proxy accepts connections before anything in the sandbox listens, and then closes them.
    private HostAnswer Judge(HttpRequestException exception) => exception switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => new HostAnswer(HostAnswerKind.Failed, $"the name {_address.Url.Host} is not known on this machine"),
        { HttpRequestError: HttpRequestError.SecureConnectionError } => new HostAnswer(HostAnswerKind.Failed, $"no secure connection comes about: {Shown((exception.InnerException ?? exception).Message)}"),
        { HttpRequestError: HttpRequestError.ResponseEnded } => Closed,
        _ when exception.InnerException is IOException or SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.ConnectionReset } => Closed,
        _ => new HostAnswer(HostAnswerKind.Failed, Shown(exception.Message)),
    };

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var stream = await HostConnection.OpenAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
        _isConnected = true;
        return stream;
    }
}
