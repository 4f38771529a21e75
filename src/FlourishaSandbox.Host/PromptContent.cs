using System.Net;

namespace FlourishaSandbox.Host;

/// <summary>Content that is sent on piece by piece.</summary>
internal sealed class PromptContent : HttpContent
{
    private readonly HttpContent _content;

    /// <summary>Wraps content.</summary>
    /// <param name="content">The content, whose headers this one takes.</param>
    public PromptContent(HttpContent content)
    {
        _content = content;
        foreach (var (name, values) in content.Headers.NonValidated)
            Headers.TryAddWithoutValidation(name, values);
    }

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    /// <inheritdoc/>
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) => _content.CopyToAsync(new PromptStream(stream), context, cancellationToken);

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = 0; // where there is one, it is in the headers
        return false;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            _content.Dispose();

        base.Dispose(disposing);
    }
}
