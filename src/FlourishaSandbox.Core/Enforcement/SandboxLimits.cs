using System.Globalization;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>What sandboxes may use: changing it while they run.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
public sealed class SandboxLimits(ISandboxRuntime runtime)
{
    /// <summary>Changes a sandbox's limits while it runs, or before it is started again.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="change">What is to change.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait; the engine goes on with what it began.</param>
    /// <returns>The sandbox with its new limits.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: out of range, or less memory than it uses; or what the runtime throws.</exception>
    public async Task<Sandbox> ChangeAsync(Sandbox sandbox, LimitChange change, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(observer);
        change.Validate();

        // A kernel that is given less than is in use ends processes until it fits (control groups 2), or refuses in words of its own (1).
        if (change.Memory is { } memory && memory < sandbox.Limits.Memory && sandbox.State == SandboxState.Running)
        {
            var used = (await runtime.MeasureAsync(sandbox, cancellationToken).ConfigureAwait(false)).MemoryUsed;
            if (used >= memory)
                throw BelowUse(sandbox, memory, string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(used / 1048576.0):0}MB"));
        }

        observer.Verbose($"Changing the limits of sandbox '{sandbox}'.");
        return await runtime.Limits.ChangeAsync(sandbox, change, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The failure for memory that is in use already.</summary>
    internal static SandboxException BelowUse(Sandbox sandbox, long memory, string used) =>
        InvalidOption.Create("Memory", memory, $"is less than sandbox '{sandbox}' uses, which is {used}", "Give more, or end some of its processes first.");
}
