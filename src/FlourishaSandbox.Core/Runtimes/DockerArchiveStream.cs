using FlourishaSandbox.Docker;
using FlourishaSandbox.Docker.Transport;
using FlourishaSandbox.Transport;

namespace FlourishaSandbox.Runtimes;

/// <summary>What the engine sends of a sandbox's files. A connection that is lost is told from a disk that is full, and from a sandbox that lies.</summary>
/// <param name="inner">The engine's answer, disposed with this stream.</param>
/// <param name="endpoint">The engine.</param>
/// <param name="target">What a failure is about.</param>
internal sealed class DockerArchiveStream(Stream inner, DockerEndpoint endpoint, object target) : ReadOnlyStream
{
    /// <inheritdoc/>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or InvalidDataException)
        {
            throw DockerErrors.Translate(new DockerUnreachableException(endpoint, $"the connection was lost in the middle of a copy: {e.Message}", e), target);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
