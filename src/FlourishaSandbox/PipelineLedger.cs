using System.Collections.Concurrent;
using System.Management.Automation.Runspaces;
using System.Runtime.CompilerServices;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox;

/// <summary>
/// The sandboxes that New-Sandbox made since the prompt was left: by the command line, or the script, that runs now. When Ctrl+C
/// interrupts one of our cmdlets they are removed, also those that an earlier statement had made whole, because nobody can be sure to
/// hold them: in <c>$all = 1..9 | % { New-Sandbox }</c> the variable is never set. What was made before that command line is not touched.
/// </summary>
internal sealed class PipelineLedger
{
    // Long enough for an engine that is busy starting others; the deadline takes what is left after it.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private static readonly ConditionalWeakTable<Runspace, PipelineLedger> s_ledgers = [];

    private ConcurrentBag<(SandboxManager Manager, Sandbox Sandbox)> _made = [];

    private PipelineLedger(Runspace runspace) => runspace.AvailabilityChanged += (_, change) =>
    {
        // Back at the prompt: what was made is in the user's hands.
        if (change.RunspaceAvailability is RunspaceAvailability.Available or RunspaceAvailability.None)
            _made = [];
    };

    /// <summary>The ledger of the runspace whose pipeline this thread runs; null on any other thread.</summary>
    public static PipelineLedger? Current => Runspace.DefaultRunspace is { } runspace ? s_ledgers.GetValue(runspace, key => new PipelineLedger(key)) : null;

    /// <summary>Writes a sandbox down.</summary>
    public void Add(SandboxManager manager, Sandbox sandbox) => _made.Add((manager, sandbox));

    /// <summary>Removes what was written down.</summary>
    public Task UndoAsync() => RemoveAsync(Interlocked.Exchange(ref _made, []));

    /// <summary>Removes sandboxes that nobody will get to see. One that cannot be removed is left to its deadline and to Clear-StaleSandbox.</summary>
    public static async Task RemoveAsync(IEnumerable<(SandboxManager Manager, Sandbox Sandbox)> made)
    {
        using var limit = new CancellationTokenSource(Limit);
        await Parallel.ForEachAsync(made, CancellationToken.None, async (one, _) =>
        {
            try
            {
                await one.Manager.RemoveAsync(one.Sandbox, OperationObserver.None, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is SandboxException or OperationCanceledException)
            {
                return; // a pipeline that was stopped can show nothing any more
            }
        }).ConfigureAwait(false);
    }
}
