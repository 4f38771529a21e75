namespace FlourishaSandbox.Host;

/// <summary>
/// Sends a request's content on as it arrives. The client below keeps small pieces back until there are more of them, which is no use to
/// somebody who waits for an answer to the first.
/// </summary>
/// <param name="inner">Sends.</param>
internal sealed class PromptHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is { } content)
            request.Content = new PromptContent(content);

        return base.SendAsync(request, cancellationToken);
    }
}
