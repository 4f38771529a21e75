using System.Runtime.CompilerServices;
using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>
/// Tests what sandboxes are promised to hold against, from inside live ones: with the agent's own file, so that it works in any image, and as
/// the sandbox's user. Everything that an attempt makes is gone after it. For a second or two a test takes all that the sandbox may have.
/// </summary>
public sealed class SandboxIsolation
{
    private readonly ISandboxRuntime _runtime;
    private readonly TemplateCatalog _templates;

    internal SandboxIsolation(ISandboxRuntime runtime, TemplateCatalog templates)
    {
        _runtime = runtime;
        _templates = templates;
    }

    /// <summary>The names of all attempts, in the order in which they are made.</summary>
    public static IReadOnlyList<string> Attempts { get; } = [.. IsolationAttempts.All.Select(attempt => attempt.Name)];

    /// <summary>Makes attempts on a sandbox, one after the other.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="isWanted">Whether an attempt, by its name, is to be made.</param>
    /// <param name="observer">Hears of what is made outside of the sandbox.</param>
    /// <param name="cancellationToken">Ends the test.</param>
    /// <returns>How each went, as soon as that is known.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.AgentUnavailable"/>, <see cref="SandboxError.SandboxNotRunning"/>, or what the runtime throws.</exception>
    public async IAsyncEnumerable<IsolationFinding> TestAsync(Sandbox sandbox, Func<string, bool> isWanted, OperationObserver observer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(isWanted);
        ArgumentNullException.ThrowIfNull(observer);
        if (sandbox.State != SandboxState.Running)
            throw new SandboxException(SandboxError.SandboxNotRunning, $"Sandbox '{sandbox}' is {sandbox.State.ToString().ToLowerInvariant()}, and can only be tested while it runs.", sandbox, "Make a new one.");

        if (sandbox.AgentVersion is null)
            throw new SandboxException(SandboxError.AgentUnavailable, $"Sandbox '{sandbox}' has no agent, from which attempts are made.", sandbox, "Make a sandbox from an image for linux/amd64 or linux/arm64.");

        var granted = _templates.List().FirstOrDefault(template => template.Name == sandbox.Template)?.Capabilities ?? [];
        var run = new IsolationRun(_runtime, sandbox, granted, observer);
        await using (run.ConfigureAwait(false))
        {
            foreach (var attempt in IsolationAttempts.All.Where(attempt => isWanted(attempt.Name)))
                yield return await attempt.TryAsync(run, cancellationToken).ConfigureAwait(false);
        }
    }
}
