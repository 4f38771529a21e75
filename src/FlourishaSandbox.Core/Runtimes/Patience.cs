namespace FlourishaSandbox.Runtimes;

/// <summary>
/// For requests that should be answered even when the user has cancelled, because only the answer tells what there is to clean up:
/// a token that follows the user's, but only after <see cref="Limit"/>.
/// </summary>
internal sealed class Patience : IDisposable
{
    /// <summary>How long an answer is waited for: 15 s. Engines under heavy load have been seen to take some seconds to start a container.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    private readonly CancellationTokenSource _source = new();
    private readonly CancellationTokenRegistration _registration;

    public Patience(CancellationToken cancellationToken) => _registration = cancellationToken.Register(() => _source.CancelAfter(Limit));

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registration.Dispose();
        _source.Dispose();
    }
}
