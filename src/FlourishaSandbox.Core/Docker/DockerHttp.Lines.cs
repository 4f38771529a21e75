using System.Net;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FlourishaSandbox.Docker;

/// <content>Streams of JSON values, one on each line.</content>
internal sealed partial class DockerHttp
{
    /// <summary>Sends a request and reads the values of its answer as they come.</summary>
    public async IAsyncEnumerable<T> LinesAsync<T>(HttpMethod method, DockerPath path, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(method, path, content: null, cancellationToken).ConfigureAwait(false);
        var body = await response.Content.ReadAsStreamAsync(cancellationToken).ConfigureAwait(false);
        await using var disposing = body.ConfigureAwait(false);
        await foreach (var value in LinesAsync(body, type, cancellationToken).ConfigureAwait(false))
            yield return value;
    }

    /// <summary>Reads the values of an answer as they come. The stream stays open.</summary>
    /// <exception cref="DockerException">A line is not what the API promises.</exception>
    /// <exception cref="DockerUnreachableException">The connection was lost before the end.</exception>
    public async IAsyncEnumerable<T> LinesAsync<T>(Stream body, JsonTypeInfo<T> type, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(body, leaveOpen: true);
        while (await ReadLineAsync(reader, cancellationToken).ConfigureAwait(false) is { } line)
        {
            if (line.Length > 0)
                yield return ParseLine(line, type);
        }
    }

    private async ValueTask<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        try
        {
            return await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or InvalidDataException)
        {
            throw Unreachable(exception);
        }
    }

    private static T ParseLine<T>(string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw new JsonException("it is null");
        }
        catch (JsonException exception)
        {
            throw new DockerException(HttpStatusCode.OK, $"A line of the engine's answer is not what its API promises: {exception.Message}", exception);
        }
    }
}
