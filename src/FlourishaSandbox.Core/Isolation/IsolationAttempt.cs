using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>Something that code in a sandbox may try, and what its outcome means.</summary>
/// <param name="name">Its name.</param>
/// <param name="category">What it is about.</param>
/// <param name="levels">The levels that promise to hold against it.</param>
/// <param name="run">Makes the attempt.</param>
/// <param name="remedy">What closes it; null where a sandbox as New-Sandbox makes it is closed.</param>
internal sealed class IsolationAttempt(
    string name, IsolationCategory category, IsolationLevel[] levels, Func<IsolationRun, CancellationToken, Task<(IsolationOutcome Outcome, string Detail)>> run, string? remedy = null)
{
    private const string MakeAnew = "Make the sandbox anew with New-Sandbox: this container was made or changed by something else.";

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Makes the attempt on a sandbox.</summary>
    public async Task<IsolationFinding> TryAsync(IsolationRun test, CancellationToken cancellationToken)
    {
        var (outcome, detail) = levels.Contains(test.Sandbox.Isolation)
            ? await TryPromisedAsync(test, cancellationToken).ConfigureAwait(false)
            : (IsolationOutcome.NotTried, $"{test.Sandbox.Isolation} does not promise this, {string.Join(" and ", levels)} does.");
        return new IsolationFinding
        {
            Sandbox = test.Sandbox,
            Attempt = name,
            Category = category,
            Outcome = outcome,
            Detail = detail,
            Remedy = outcome == IsolationOutcome.NotHeld ? remedy ?? MakeAnew : null,
        };
    }

    private async Task<(IsolationOutcome Outcome, string Detail)> TryPromisedAsync(IsolationRun test, CancellationToken cancellationToken)
    {
        try
        {
            return await run(test, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (e.Error is SandboxError.EngineFailed or SandboxError.TimedOut)
        {
            // One that cannot be made says nothing of the others. A sandbox that is gone, or an engine, ends them all.
            return (IsolationOutcome.NotTried, e.Message);
        }
    }
}
