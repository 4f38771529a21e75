using System.Threading.Channels;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Host;

/// <summary>
/// Keeps the table current: by the engine's events, and by a slow look at everything for what they do not tell (a sandbox that its own agent
/// froze) or while they are lost. News is taken by one loop, so that none is overtaken by an older answer.
/// </summary>
/// <param name="runtime">The engine.</param>
/// <param name="table">The table.</param>
/// <param name="log">Hears what was lost.</param>
internal sealed class SandboxWatch(ISandboxRuntime runtime, SandboxTable table, GatewayLog log)
{
    private const int Parallelism = 8;
    private const string Everything = "";
    private const string Gone = "destroy";

    private static readonly TimeSpan s_lookRound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_respite = TimeSpan.FromSeconds(1);

    // What happened just before we began to listen is told again: asking once more costs little.
    private static readonly TimeSpan s_overlap = TimeSpan.FromSeconds(5);

    private readonly Channel<(string Id, bool IsGone)> _news = Channel.CreateUnbounded<(string, bool)>(new UnboundedChannelOptions { SingleReader = true });
    private bool _isLost;

    /// <summary>Fills the table for the first time.</summary>
    /// <exception cref="SandboxException">The engine does not answer.</exception>
    public async Task BeginAsync(CancellationToken cancellationToken) => table.Replace(await runtime.ListAsync(cancellationToken));

    /// <summary>Goes on until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Task.WhenAll(ListenAsync(cancellationToken), ListenToPoolsAsync(cancellationToken), LookRoundAsync(cancellationToken), TakeNewsAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // That is how it ends.
        }
    }

    private Task ListenAsync(CancellationToken cancellationToken) => KeepListeningAsync(async () =>
    {
        await foreach (var one in runtime.WatchEventsAsync(DateTimeOffset.UtcNow - s_overlap, until: null, cancellationToken))
        {
            if (one.SandboxId is { } id)
                _news.Writer.TryWrite((id, one.Action == Gone));
        }
    }, cancellationToken);

    // What was made for a pool bears another label; which of them became a sandbox, only a look at all tells.
    private Task ListenToPoolsAsync(CancellationToken cancellationToken) => KeepListeningAsync(async () =>
    {
        await foreach (var what in runtime.Pool.WatchAsync(cancellationToken))
        {
            if (what != "start")
                _news.Writer.TryWrite((Everything, false));
        }
    }, cancellationToken);

    private async Task KeepListeningAsync(Func<Task> listen, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await listen();
            }
            catch (SandboxException e)
            {
                Lose(e);
            }

            await Task.Delay(s_respite, cancellationToken);
            _news.Writer.TryWrite((Everything, false));
        }
    }

    private async Task LookRoundAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_lookRound);
        while (await timer.WaitForNextTickAsync(cancellationToken))
            _news.Writer.TryWrite((Everything, false));
    }

    private async Task TakeNewsAsync(CancellationToken cancellationToken)
    {
        while (await _news.Reader.WaitToReadAsync(cancellationToken))
        {
            var about = new Dictionary<string, bool>(StringComparer.Ordinal);
            while (_news.Reader.TryRead(out var one))
                about[one.Id] = one.IsGone || about.GetValueOrDefault(one.Id);

            try
            {
                if (about.ContainsKey(Everything))
                    table.Replace(await runtime.ListAsync(cancellationToken));
                else
                    table.Apply(await FindAsync(about, cancellationToken));

                _isLost = false;
            }
            catch (SandboxException e)
            {
                Lose(e);
                await Task.Delay(s_respite, cancellationToken);
            }
        }
    }

    private async Task<IEnumerable<(string, Sandbox?)>> FindAsync(Dictionary<string, bool> about, CancellationToken cancellationToken)
    {
        var (ids, found) = (about.Keys.ToList(), new Sandbox?[about.Count]);
        await Parallel.ForAsync(0, ids.Count, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, async (i, token) =>
        {
            if (!about[ids[i]])
                found[i] = await runtime.FindAsync(ids[i], token);
        });
        return ids.Zip(found);
    }

    // What is in the table stays: sandboxes run on without their engine's answer. Said once, not each second.
    private void Lose(SandboxException e)
    {
        if (!_isLost)
            log.Write($"The engine is not heard any more; going on with what was known: {e.Message}");

        _isLost = true;
    }
}
