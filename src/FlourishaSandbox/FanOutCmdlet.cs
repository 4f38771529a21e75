using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>
/// A cmdlet that works on many sandboxes at once. Each item's work starts as soon as the item comes and a place is free; results are
/// written in the order of the items; an item that fails costs one error and none of the others.
/// </summary>
public abstract class FanOutCmdlet : SandboxCmdlet
{
    /// <summary>The most that can be worked on at once. The default of cmdlets whose work is waiting.</summary>
    private protected const int MostAtOnce = 1024;

    private readonly Queue<Task<Action>> _results = new();
    private SemaphoreSlim? _places;

    /// <summary>How many sandboxes are worked on at once, 1 to 1,024. Default: the number of processors.</summary>
    [Parameter(HelpMessage = "How many sandboxes are worked on at once.")]
    [ValidateRange(1, MostAtOnce)]
    public int ThrottleLimit { get; set; } = Environment.ProcessorCount;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        while (_results.TryPeek(out var next))
        {
            Write(next);
            _results.Dequeue();
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        if (disposing)
            _places?.Dispose();
    }

    /// <summary>Begins an item's work, and writes those results whose turn has come.</summary>
    /// <param name="work">Does the work and returns what the pipeline's thread is to do with the result.</param>
    private protected void FanOut(Func<CancellationToken, Task<Action>> work)
    {
        _places ??= new SemaphoreSlim(ThrottleLimit);
        _results.Enqueue(Begin(async cancellationToken =>
        {
            await _places.WaitAsync(cancellationToken).ConfigureAwait(false);
            try
            {
                return await work(cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                _places.Release();
            }
        }));

        CarryPosted();
        while (_results.TryPeek(out var next) && next.IsCompleted)
        {
            Write(next);
            _results.Dequeue();
        }
    }

    private void Write(Task<Action> result)
    {
        try
        {
            Await(result)();
        }
        catch (SandboxException e)
        {
            WriteError(e.ToErrorRecord());
        }
    }
}
