using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FlourishaSandbox.Agent.Connect;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;
using Microsoft.AspNetCore.Http;

namespace FlourishaSandbox.Agent.Http;

/// <summary>What the endpoints that are no Connect calls have in common.</summary>
internal static class PlainHttp
{
    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Answers with an object.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="value">The object.</param>
    /// <param name="type">How it is written.</param>
    /// <param name="status">The answer's status.</param>
    /// <returns>Writing.</returns>
    public static async Task WriteJsonAsync<T>(HttpContext context, T value, JsonTypeInfo<T> type, int status = StatusCodes.Status200OK)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(value, type);
        context.Response.StatusCode = status;
        context.Response.ContentType = EnvdProtocol.UnaryContentType;
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body, context.RequestAborted);
    }

    /// <summary>Answers with an error.</summary>
    /// <param name="context">The request.</param>
    /// <param name="status">The answer's status.</param>
    /// <param name="message">A sentence for a person.</param>
    /// <returns>Writing.</returns>
    public static Task WriteErrorAsync(HttpContext context, int status, string message)
        => WriteJsonAsync(context, new HttpError(status, message), EnvdJson.Default.HttpError, status);

    /// <summary>Refuses other methods.</summary>
    /// <param name="context">The request.</param>
    /// <param name="methods">Those that are taken.</param>
    /// <exception cref="MethodNotAllowedException">It is another one.</exception>
    public static void RequireMethod(HttpContext context, params ReadOnlySpan<string> methods)
    {
        if (!methods.Contains(context.Request.Method))
            throw new MethodNotAllowedException(string.Join(", ", methods));
    }

    /// <summary>Reads a body of at most <see cref="EnvdProtocol.MaximumMessage"/> bytes as an object.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="context">The request.</param>
    /// <param name="type">How it is read.</param>
    /// <returns>The object.</returns>
    /// <exception cref="ConnectException">The body is none, or is too long.</exception>
    public static async ValueTask<T> ReadJsonAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        => ConnectMessage.Parse(await ReadBodyAsync(context), type);

    /// <summary>Reads a body.</summary>
    /// <param name="context">The request.</param>
    /// <returns>At most <see cref="EnvdProtocol.MaximumMessage"/> bytes.</returns>
    /// <exception cref="ConnectException">It is longer.</exception>
    public static async ValueTask<byte[]> ReadBodyAsync(HttpContext context)
    {
        if (context.Request.ContentLength > EnvdProtocol.MaximumMessage)
            throw TooLong();

        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(context.RequestAborted);
            if (read.Buffer.Length > EnvdProtocol.MaximumMessage)
            {
                reader.AdvanceTo(read.Buffer.End);
                throw TooLong();
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    /// <summary>A value of the query. ASP.NET's own would take broken UTF-8 for something else that exists, perhaps.</summary>
    /// <param name="context">The request.</param>
    /// <param name="name">Its name, of letters only.</param>
    /// <returns>The first one's value; null where there is none.</returns>
    /// <exception cref="ConnectException"><see cref="ConnectCode.InvalidArgument"/>: it is not valid UTF-8, or has a NUL.</exception>
    public static string? Query(HttpContext context, string name)
    {
        foreach (var pair in (context.Request.QueryString.Value ?? "").TrimStart('?').Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            if (equals >= 0 && pair.AsSpan(0, equals).SequenceEqual(name))
                return Decode(name, pair[(equals + 1)..]);
        }

        return null;
    }

    private static string Decode(string name, string text)
    {
        var encoded = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < encoded.Length; i++)
        {
            if (encoded[i] == '%' && i + 2 < encoded.Length
                && byte.TryParse(encoded.AsSpan(i + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                encoded[length++] = value;
                i += 2;
            }
            else
            {
                encoded[length++] = encoded[i] == '+' ? (byte)' ' : encoded[i];
            }
        }

        if (encoded.AsSpan(0, length).Contains((byte)0))
            throw new ConnectException(ConnectCode.InvalidArgument, $"the query's '{name}' has a NUL");

        try
        {
            return s_strict.GetString(encoded, 0, length);
        }
        catch (DecoderFallbackException exception)
        {
            throw new ConnectException(ConnectCode.InvalidArgument, $"the query's '{name}' is not valid UTF-8", exception);
        }
    }

    private static ConnectException TooLong()
        => new(ConnectCode.ResourceExhausted, $"the message is too long; at most {EnvdProtocol.MaximumMessage} bytes are taken");
}
