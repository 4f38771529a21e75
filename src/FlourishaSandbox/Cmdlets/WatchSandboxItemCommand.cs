using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Gives what happens to files in folders of sandboxes, as it happens, until it is stopped.</summary>
[Cmdlet(VerbsCommon.Watch, "SandboxItem")]
[OutputType(typeof(SandboxFileEvent))]
public sealed class WatchSandboxItemCommand : PathCmdlet
{
    // Events that may wait for the pipeline; a sandbox can make them without end.
    private const int EventsAhead = 1000;

    private readonly SemaphoreSlim _room = new(EventsAhead);
    private readonly CancellationTokenSource _enough = new();
    private int _given;

    /// <summary>Creates the cmdlet. Watching is waiting, so all are watched at once.</summary>
    public WatchSandboxItemCommand() => ThrottleLimit = MostAtOnce;

    /// <summary>Folders or files in the sandbox, or NAME:PATH. The working directory where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Folders in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = ["."];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Also all folders below, and those that come.</summary>
    [Parameter(HelpMessage = "Also all folders below, and those that come.")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Ends after that time: seconds, 1m30s or 00:01:30. No end where nothing is said.</summary>
    [Parameter(HelpMessage = "Ends after that time: seconds, 1m30s or 00:01:30.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    /// <summary>Ends after so many events.</summary>
    [Parameter(HelpMessage = "Ends after so many events.")]
    [ValidateRange(1, int.MaxValue)]
    public int? Count { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, path) => FanOut(cancellationToken => WatchAsync(sandbox, path, cancellationToken)));

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (!disposing)
            return;

        _enough.Dispose();
        _room.Dispose();
    }

    private async Task<Action> WatchAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _enough.Token);
        if (Timeout is { } timeout && timeout != System.Threading.Timeout.InfiniteTimeSpan)
            limit.CancelAfter(timeout);

        try
        {
            var events = Manager.Files.WatchAsync(sandbox, path, Recurse, () => Observer.Verbose($"Watching '{path}' in sandbox '{sandbox}'."), limit.Token);
            await foreach (var change in events.ConfigureAwait(false))
            {
                await _room.WaitAsync(limit.Token).ConfigureAwait(false);
                Post(() => Give(change));
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // The time is over, or there were events enough: that is how watching ends.
        }

        return () => { };
    }

    // On the pipeline's thread, where there is one count for all that is watched.
    private void Give(SandboxFileEvent change)
    {
        _room.Release();
        if (_given == Count)
            return;

        if (++_given == Count)
            _enough.Cancel();

        WriteObject(change);
    }
}
