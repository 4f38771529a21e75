using System.Globalization;
using FlourishaSandbox.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace FlourishaSandbox.Host;

/// <summary>
/// One request on its way: what of it the application in the sandbox is shown, and what of the application's answer the user is. Development
/// servers refuse names that they do not know and all know <c>localhost</c>, so that is what they are shown, unless told otherwise.
/// </summary>
/// <param name="outside">The request's address, as its user has it.</param>
/// <param name="port">The port inside the sandbox.</param>
/// <param name="path">What is asked for.</param>
/// <param name="isPrivate">Whether the port asks for a token.</param>
/// <param name="keepHost">Whether the application is shown the name that the user typed.</param>
internal sealed class RequestTransformer(OutsideAddress outside, int port, string path, bool isPrivate, bool keepHost) : HttpTransformer
{
    private static readonly HashSet<string> s_ours = new(StringComparer.OrdinalIgnoreCase) { "Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Port", "X-Forwarded-Prefix", "X-Forwarded-Server", "X-Real-IP", GatewayAnswer.Header };

    private string Inside { get; } = string.Create(CultureInfo.InvariantCulture, $"localhost:{port}");

    /// <inheritdoc/>
    public override async ValueTask TransformRequestAsync(HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        var headers = httpContext.Request.Headers;
        RequestSecrets.Remove(headers, isPrivate);
        RemoveNamed(headers);
        RemoveOurs(headers);

        // Sockets of a development server are refused to pages of other origins; the page is one of its own, under another name.
        if (!keepHost && headers.Origin.Count > 0 && IsSocket(httpContext) && RequestOrigin.IsOf(headers.Origin.ToString(), outside.Authority))
            headers.Origin = $"http://{Inside}";

        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.RequestUri = RequestTarget.At(destinationPrefix, path);
        proxyRequest.Headers.Host = keepHost ? outside.Authority : null;
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-For", outside.ClientChain);
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Host", outside.Authority);
        proxyRequest.Headers.TryAddWithoutValidation("X-Forwarded-Proto", outside.Scheme);
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        if (!await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken))
            return false;

        var headers = httpContext.Response.Headers;
        headers.Remove(GatewayAnswer.Header);

        // Another way to the same place, past us.
        headers.Remove(HeaderNames.AltSvc);
        if (headers.SetCookie.Count > 0)
            headers.SetCookie = CookieRewriting.Rewrite(headers.SetCookie);

        if (headers.Location.Count > 0)
            headers.Location = ToOutside(headers.Location.ToString());

        if (headers.ContainsKey(HeaderNames.ContentLocation))
            headers.ContentLocation = ToOutside(headers.ContentLocation.ToString());

        // An answer without a length may take its time to begin, as events do, and who waits for it wants to know at once that he may.
        if (headers.ContentLength is null && httpContext.Response.StatusCode is >= StatusCodes.Status200OK and not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
            await httpContext.Response.Body.FlushAsync(cancellationToken);

        return true;
    }

    private static bool IsSocket(HttpContext context) => context.Request.Headers.ContainsKey(HeaderNames.Upgrade) || HttpMethods.IsConnect(context.Request.Method);

    // Those that a client says are for the next hop alone.
    private static void RemoveNamed(IHeaderDictionary headers)
    {
        foreach (var value in headers.Connection)
        {
            foreach (var name in (value ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!name.Equals(HeaderNames.Upgrade, StringComparison.OrdinalIgnoreCase) && !name.Equals(HeaderNames.ContentLength, StringComparison.OrdinalIgnoreCase) && !name.Equals(HeaderNames.TransferEncoding, StringComparison.OrdinalIgnoreCase) && !name.Equals(HeaderNames.Connection, StringComparison.OrdinalIgnoreCase) && !name.Equals(HeaderNames.Host, StringComparison.OrdinalIgnoreCase))
                    headers.Remove(name);
            }
        }
    }

    // Many servers take an underscore for a dash.
    private static void RemoveOurs(IHeaderDictionary headers)
    {
        List<string>? found = null;
        foreach (var (name, _) in headers)
        {
            if (s_ours.Contains(name) || (name.Contains('_', StringComparison.Ordinal) && s_ours.Contains(name.Replace('_', '-'))))
                (found ??= []).Add(name);
        }

        foreach (var name in found ?? [])
            headers.Remove(name);
    }

    // An application that was told that it is localhost sends people there.
    private string ToOutside(string location)
    {
        foreach (var inside in (string[])[$"http://{Inside}", $"https://{Inside}", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"), string.Create(CultureInfo.InvariantCulture, $"http://0.0.0.0:{port}")])
        {
            if (location.StartsWith(inside, StringComparison.OrdinalIgnoreCase) && (location.Length == inside.Length || location[inside.Length] is '/' or '?' or '#'))
                return $"{outside.Scheme}://{outside.Authority}{location[inside.Length..]}";
        }

        return location;
    }
}
