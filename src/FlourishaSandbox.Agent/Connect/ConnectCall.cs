using System.Globalization;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Connect;

/// <summary>What the head of a Connect request says.</summary>
internal static class ConnectCall
{
    // As often as E2B's own agent does it for clients that say nothing.
    private static readonly TimeSpan s_usualKeepalive = TimeSpan.FromSeconds(90);

    /// <summary>Whether a request is a Connect call by method and content type; answers it where it is not.</summary>
    /// <param name="context">The request.</param>
    /// <param name="contentType">The content type that the call takes.</param>
    /// <returns>Whether it is.</returns>
    public static bool Check(HttpContext context, string contentType)
    {
        if (!HttpMethods.IsPost(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            context.Response.Headers.Allow = HttpMethods.Post;
            return false;
        }

        if (!Is(context.Request.ContentType, contentType))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            context.Response.Headers["Accept-Post"] = contentType;
            return false;
        }

        return true;
    }

    /// <summary>How long the call may take.</summary>
    /// <param name="context">The request.</param>
    /// <returns>The span; null for no limit.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: the header is no number of milliseconds.</exception>
    public static TimeSpan? Timeout(HttpContext context)
    {
        var text = context.Request.Headers[EnvdProtocol.TimeoutHeader].ToString();
        if (text.Length == 0)
            return null;

        // At most ten digits, says Connect: 115 days.
        if (text.Length > 10 || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
            throw new ConnectException(ConnectCode.InvalidArgument, $"{EnvdProtocol.TimeoutHeader} takes up to ten digits, milliseconds");

        // A timer of the runtime counts no further than some 49 days; what is longer is as good as no limit.
        return milliseconds is 0 or > uint.MaxValue - 1 ? null : TimeSpan.FromMilliseconds(milliseconds);
    }

    /// <summary>After how long a silence the client wants a sign of life.</summary>
    /// <param name="context">The request.</param>
    /// <returns>At least a second.</returns>
    public static TimeSpan Keepalive(HttpContext context)
        => int.TryParse(context.Request.Headers[EnvdProtocol.KeepaliveHeader], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 86_400
            ? TimeSpan.FromSeconds(seconds)
            : s_usualKeepalive;

    private static bool Is(string? given, string wanted)
    {
        var type = given.AsSpan();
        var parameters = type.IndexOf(';');
        if (parameters >= 0)
            type = type[..parameters];

        return type.Trim().Equals(wanted, StringComparison.OrdinalIgnoreCase);
    }
}
