using System.Threading.Channels;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>Keeps pools full as long as it runs: the engine tells when one was claimed or ended, and a slow look-round finds what it did not tell.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
/// <param name="store">Which pools are wanted; read anew each time.</param>
/// <param name="keeper">Makes a pool what it is to be.</param>
/// <param name="observer">Hears of everything.</param>
internal sealed class PoolServer(ISandboxRuntime runtime, IPoolStore store, PoolKeeper keeper, OperationObserver observer)
{
    // A template may have changed, or what is wanted; neither is told by the engine.
    private static readonly TimeSpan LookRound = TimeSpan.FromSeconds(15);

    // What fails now will most likely fail at once again.
    private static readonly TimeSpan Respite = TimeSpan.FromSeconds(5);

    // News that nobody has heard yet need not be told twice.
    private readonly Channel<string> _news = Channel.CreateBounded<string>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Serves until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watching = WatchAsync(end.Token);
        try
        {
            while (true)
            {
                if (!await KeepAllAsync(end.Token).ConfigureAwait(false))
                    await Task.Delay(Respite, end.Token).ConfigureAwait(false);

                await AwaitNewsAsync(end.Token).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
        finally
        {
            await end.CancelAsync().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }
    }

    private async Task<bool> KeepAllAsync(CancellationToken cancellationToken)
    {
        var isWell = true;
        try
        {
            foreach (var definition in store.Load())
            {
                try
                {
                    await keeper.KeepAsync(definition, cancellationToken).ConfigureAwait(false);
                }
                catch (SandboxException e)
                {
                    isWell = false;
                    observer.Warning($"Pool '{definition.Name}' cannot be kept full: {e.Message} {e.Remedy}".TrimEnd());
                }
            }

            await keeper.RenewAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e)
        {
            isWell = false;
            observer.Warning($"The pools cannot be looked after: {e.Message} {e.Remedy}".TrimEnd());
        }

        return isWell;
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var what in runtime.Pool.WatchAsync(cancellationToken).ConfigureAwait(false))
                {
                    // What begins to wait is no news to who made it.
                    if (what != "start")
                        _news.Writer.TryWrite(what);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (SandboxException e)
            {
                observer.Verbose($"The engine's events were lost: {e.Message}");
            }

            try
            {
                await Task.Delay(Respite, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AwaitNewsAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(LookRound);
        try
        {
            await _news.Reader.ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // No news: time to look round.
        }
    }
}
