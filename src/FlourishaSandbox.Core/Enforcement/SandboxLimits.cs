using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Enforcement;

/// <summary>What sandboxes may use: changing it while they run, and watching that they do not use more than they should.</summary>
/// <param name="runtime">What carries the sandboxes.</param>
public sealed class SandboxLimits(ISandboxRuntime runtime)
{
    // As long as the agent needs to end everything, and more.
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(10);

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

    /// <summary>
    /// Measures a sandbox again and again, and tells, or acts, when it uses more than it should. What stays so is told once. After it was
    /// stopped or killed, and when it ends by itself, the watch is over.
    /// </summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="policy">What it should use, and what is done.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the watch.</param>
    /// <returns>What was more than it should be, after what was to be done is done.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.SandboxNotRunning"/>, or what the runtime throws.</exception>
    public IAsyncEnumerable<LimitBreach> WatchAsync(Sandbox sandbox, LimitPolicy policy, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(observer);
        policy.Validate();
        return WatchCoreAsync(sandbox, policy, observer, cancellationToken);
    }

    private async IAsyncEnumerable<LimitBreach> WatchCoreAsync(Sandbox sandbox, LimitPolicy policy, OperationObserver observer, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var watch = new LimitWatch(policy);
        var started = Stopwatch.GetTimestamp();
        for (var i = 1; ; i++)
        {
            if (await MeasureAsync(sandbox, isFirst: i == 1, observer, cancellationToken).ConfigureAwait(false) is not { } metrics)
                yield break;

            var breaches = watch.Take(metrics, Stopwatch.GetTimestamp());
            if (breaches.Count > 0 && policy.Action != LimitAction.Warn)
            {
                observer.Verbose($"{breaches[0]} It is {(policy.Action == LimitAction.Stop ? "stopped" : "killed")}.");
                await runtime.Limits.EndAsync(sandbox, policy.Action == LimitAction.Kill ? null : StopGrace, cancellationToken).ConfigureAwait(false);
            }

            foreach (var breach in breaches)
                yield return breach;

            var left = policy.Timeout - Stopwatch.GetElapsedTime(started);
            if (i == policy.Count || (breaches.Count > 0 && policy.Action != LimitAction.Warn))
                yield break;

            // What is left of the watch may be less than an interval: it lasts as long as it was to, and no measurement comes after it.
            await Task.Delay(left < policy.Interval ? left.Value > TimeSpan.Zero ? left.Value : TimeSpan.Zero : policy.Interval, cancellationToken).ConfigureAwait(false);
            if (left < policy.Interval)
                yield break;
        }
    }

    /// <summary>Measures; null where the sandbox has ended since the watch began.</summary>
    private async Task<SandboxMetrics?> MeasureAsync(Sandbox sandbox, bool isFirst, OperationObserver observer, CancellationToken cancellationToken)
    {
        try
        {
            return await runtime.MeasureAsync(sandbox, cancellationToken).ConfigureAwait(false);
        }
        catch (SandboxException e) when (!isFirst && e.Error is (SandboxError.SandboxNotRunning or SandboxError.SandboxNotFound))
        {
            observer.Verbose($"{e.Message} It is watched no longer.");
            return null;
        }
    }

    /// <summary>The failure for memory that is in use already.</summary>
    internal static SandboxException BelowUse(Sandbox sandbox, long memory, string used) =>
        InvalidOption.Create("Memory", memory, $"is less than sandbox '{sandbox}' uses, which is {used}", "Give more, or end some of its processes first.");
}
