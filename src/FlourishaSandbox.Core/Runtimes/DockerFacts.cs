using FlourishaSandbox.Docker;

namespace FlourishaSandbox.Runtimes;

/// <summary>What an engine says of itself, asked once: it does not change without a restart, and asking costs it more than most questions.</summary>
/// <param name="client">The engine.</param>
internal sealed class DockerFacts(DockerClient client)
{
    private readonly object _lock = new();
    private Task<EngineInfo>? _info;

    /// <summary>What it says.</summary>
    /// <param name="cancellationToken">Ends the wait; others may wait for the same answer.</param>
    public Task<EngineInfo> GetAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_info is null or { IsFaulted: true } or { IsCanceled: true })
                _info = AskAsync();

            return _info.WaitAsync(cancellationToken);
        }
    }

    private async Task<EngineInfo> AskAsync()
    {
        using var limit = new CancellationTokenSource(Patience.Limit);
        return await client.System.InfoAsync(limit.Token).ConfigureAwait(false);
    }
}
