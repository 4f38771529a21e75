using System.Net;
using System.Text;
using System.Text.Json;

namespace FlourishaSandbox.Docker.Transport;

/// <summary>Reads what an engine says about a request that it refused.</summary>
internal static class EngineError
{
    private const int Limit = 64 * 1024;

    /// <summary>Reads the error's body: the engine's JSON, or the text of whatever stands before the engine.</summary>
    /// <param name="status">The answer's status.</param>
    /// <param name="reason">The phrase of the answer's head, for an answer without a body.</param>
    /// <param name="body">The answer's body; at most 64 KiB of it are read.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    public static async Task<DockerException> ReadAsync(HttpStatusCode status, string? reason, Stream body, CancellationToken cancellationToken)
    {
        var text = "";
        try
        {
            var buffer = new byte[Limit];
            var count = await body.ReadAtLeastAsync(buffer, Limit, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            text = Encoding.UTF8.GetString(buffer, 0, count).Trim();
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException)
        {
            // The status is known, and says more than the loss of the text.
        }
        return Create(status, Message(text) is { Length: > 0 } message ? message : reason is { Length: > 0 } ? reason : status.ToString());
    }

    /// <summary>
    /// The exception for a status and a text. A redirect is the engine's router tidying up a path such as <c>a/../b</c>: no object can have
    /// such a name, so it is reported as not found.
    /// </summary>
    public static DockerException Create(HttpStatusCode status, string message) =>
        (int)status is >= 300 and < 400 and not 304
            ? new DockerException(HttpStatusCode.NotFound, "No such object: nothing on an engine can have this name or id.")
            : new DockerException(status, message);

    private static string Message(string text)
    {
        if (!text.StartsWith('{'))
            return text;
        try
        {
            return JsonSerializer.Deserialize(text, DockerJson.Default.EngineErrorBody)?.Message?.Trim() ?? text;
        }
        catch (JsonException)
        {
            return text;
        }
    }
}
