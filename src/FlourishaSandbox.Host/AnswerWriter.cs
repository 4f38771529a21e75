using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Host;

/// <summary>Writes the gateway's own answers: a page for browsers, JSON for everybody else. Nothing in a page is fetched or run.</summary>
internal static class AnswerWriter
{
    private const string Style = """
        :root{color-scheme:light dark}
        body{margin:0;min-height:100vh;display:grid;place-items:center;font:1rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
        main{box-sizing:border-box;max-width:36rem;padding:2rem;overflow-wrap:anywhere}
        h1{margin:0 0 1rem;font-size:1.5rem;line-height:1.25}
        p{margin:0 0 1rem}
        .remedy{padding-left:1rem;border-left:.25rem solid #2a7de1}
        small{opacity:.7}
        """;

    /// <summary>Answers.</summary>
    /// <param name="context">The request.</param>
    /// <param name="answer">What to say.</param>
    public static async Task WriteAsync(HttpContext context, GatewayAnswer answer)
    {
        var isPage = context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        var bytes = isPage ? Encoding.UTF8.GetBytes(ToPage(answer)) : JsonSerializer.SerializeToUtf8Bytes(new AnswerDocument(answer.Reason, $"{answer.Title}. {answer.Text}", answer.Remedy), GatewayJson.Default.AnswerDocument);

        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = isPage ? "text/html; charset=utf-8" : "application/json";
        response.ContentLength = bytes.Length;
        SetCommonHeaders(response);
        response.Headers[GatewayAnswer.Header] = answer.Reason;
        response.Headers.Vary = "Accept";
        if (isPage)
            response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

        if (answer.Status == StatusCodes.Status401Unauthorized)
            response.Headers.WWWAuthenticate = "X-Access-Token realm=\"sandbox\"";

        if (answer.RetrySeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);

        // What may still come of a request that is not passed on is not waited for.
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && (answer.Status == StatusCodes.Status400BadRequest || context.Request.ContentLength is > 0 || context.Request.Headers.TransferEncoding.Count > 0))
            response.Headers.Connection = "close";

        if (!HttpMethods.IsHead(context.Request.Method))
            await response.Body.WriteAsync(bytes, context.RequestAborted);
    }

    /// <summary>What all of the gateway's own answers have: nobody keeps them, and nobody is told where the user came from.</summary>
    public static void SetCommonHeaders(HttpResponse response)
    {
        response.Headers.CacheControl = "no-store";
        response.Headers["Referrer-Policy"] = "no-referrer";
        response.Headers.XContentTypeOptions = "nosniff";
    }

    private static string ToPage(GatewayAnswer answer)
    {
        var encode = HtmlEncoder.Default;
        var refresh = answer.RetrySeconds is { } seconds ? $"<meta http-equiv=\"refresh\" content=\"{seconds.ToString(CultureInfo.InvariantCulture)}\">" : "";
        return $"""
            <!doctype html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{refresh}<title>{encode.Encode(answer.Title)}</title><style>{Style}</style></head>
            <body><main>
            <h1>{encode.Encode(answer.Title)}</h1>
            <p>{encode.Encode(answer.Text)}</p>
            <p class="remedy">{encode.Encode(answer.Remedy)}</p>
            <small>{answer.Status.ToString(CultureInfo.InvariantCulture)} {encode.Encode(answer.Reason)}</small>
            </main></body>
            </html>

            """;
    }
}
