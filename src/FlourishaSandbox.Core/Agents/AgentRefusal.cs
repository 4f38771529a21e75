using System.Net;
using System.Text.Json;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Connect;

namespace FlourishaSandbox.Agents;

/// <summary>Reads why an agent refused a request.</summary>
internal static class AgentRefusal
{
    private const int Limit = 64 << 10;

    /// <summary>Reads the body: an error of the Connect protocol, or one of the plain calls, which has the status for its code.</summary>
    public static async Task<Exception> ReadAsync(HttpStatusCode status, Stream body, CancellationToken cancellationToken)
    {
        var buffer = new byte[Limit];
        var count = 0;
        try
        {
            count = await body.ReadAtLeastAsync(buffer, Limit, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or HttpRequestException)
        {
            // The status is known, and says more than the loss of the text.
        }

        return Create(status, buffer.AsSpan(0, count));
    }

    private static ConnectException Create(HttpStatusCode status, ReadOnlySpan<byte> text)
    {
        try
        {
            using var document = JsonDocument.Parse(text.ToArray());
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                var message = document.RootElement.TryGetProperty("message", out var words) && words.ValueKind == JsonValueKind.String ? words.GetString()! : status.ToString();
                var isNamed = document.RootElement.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.String;
                return new ConnectException(isNamed ? ConnectCodes.FromName(code.GetString()) : FromStatus(status), message);
            }
        }
        catch (JsonException)
        {
            // Not JSON: the status has to do.
        }

        return new ConnectException(FromStatus(status), $"status {(int)status}");
    }

    private static ConnectCode FromStatus(HttpStatusCode status) => (int)status switch
    {
        400 => ConnectCode.InvalidArgument,
        401 => ConnectCode.Unauthenticated,
        403 => ConnectCode.PermissionDenied,
        404 => ConnectCode.NotFound,
        409 => ConnectCode.AlreadyExists,
        412 => ConnectCode.FailedPrecondition,
        413 or 429 or 507 => ConnectCode.ResourceExhausted,
        501 => ConnectCode.Unimplemented,
        503 => ConnectCode.Unavailable,
        _ => ConnectCode.Internal,
    };
}
