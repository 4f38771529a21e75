using System.Globalization;
using System.Net;

namespace FlourishaSandbox.Transport;

/// <summary>The head of an HTTP answer that was read by hand.</summary>
/// <param name="Status">The status.</param>
/// <param name="Reason">The engine's phrase for it; may be empty.</param>
/// <param name="Headers">The header fields; names are compared without case.</param>
internal sealed record ResponseHead(HttpStatusCode Status, string Reason, IReadOnlyDictionary<string, string> Headers)
{
    /// <summary>Whether the engine did what was asked.</summary>
    public bool IsSuccess => (int)Status is >= 200 and < 300;

    /// <summary>Reads a head, passing over interim answers such as 100.</summary>
    /// <param name="stream">The connection.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    /// <exception cref="EndOfStreamException">The connection was closed in the head.</exception>
    /// <exception cref="InvalidDataException">What came is not HTTP.</exception>
    public static async Task<ResponseHead> ReadAsync(BufferedReadStream stream, CancellationToken cancellationToken)
    {
        while (true)
        {
            var (status, reason) = ParseStatus(await stream.ReadLineAsync(cancellationToken).ConfigureAwait(false));
            var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
            while (await stream.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { Length: > 0 } line)
            {
                var colon = line.IndexOf(':', StringComparison.Ordinal);
                if (colon > 0)
                    headers[line[..colon].Trim()] = line[(colon + 1)..].Trim();
            }
            if (status is HttpStatusCode.SwitchingProtocols || (int)status >= 200)
                return new ResponseHead(status, reason, headers);
        }
    }

    /// <summary>The body that follows this head, as its framing says.</summary>
    /// <param name="stream">The connection, which the body's stream owns from here on.</param>
    public Stream OpenBody(BufferedReadStream stream)
    {
        if (Headers.TryGetValue("Transfer-Encoding", out var encoding) && encoding.Contains("chunked", StringComparison.OrdinalIgnoreCase))
            return new ChunkedReadStream(stream);
        if (Status is HttpStatusCode.NoContent or HttpStatusCode.NotModified)
            return new FixedLengthReadStream(stream, 0);
        if (Headers.TryGetValue("Content-Length", out var text) && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
            return new FixedLengthReadStream(stream, length);
        return stream;
    }

    private static (HttpStatusCode Status, string Reason) ParseStatus(string line)
    {
        var parts = line.Split(' ', 3);
        if (parts.Length < 2 || !parts[0].StartsWith("HTTP/1.", StringComparison.Ordinal)
            || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var status) || status is < 100 or > 999)
            throw new InvalidDataException($"the answer is not HTTP: it begins with '{(line.Length > 40 ? line[..40] + "…" : line)}'");
        return ((HttpStatusCode)status, parts.Length > 2 ? parts[2] : "");
    }
}
