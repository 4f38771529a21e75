using FlourishaSandbox.Runtimes;

namespace FlourishaSandbox.Sandboxes;

/// <summary>Suspending, stopping and starting sandboxes. Every method throws <see cref="SandboxException"/> where it fails.</summary>
public sealed class SandboxLifecycle
{
    /// <summary>How long processes have between being asked to end and being killed where nothing is said: 10 s.</summary>
    public static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);

    /// <summary>The longest grace: 10 minutes.</summary>
    public static readonly TimeSpan LongestGrace = TimeSpan.FromMinutes(10);

    private readonly ISandboxRuntime _runtime;

    internal SandboxLifecycle(ISandboxRuntime runtime) => _runtime = runtime;

    /// <summary>Freezes a sandbox with all that runs in it. It keeps its memory, and uses no CPU. One that is frozen already stays so.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sandbox, suspended.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.SandboxNotRunning"/>, <see cref="SandboxError.SandboxNotFound"/>.</exception>
    public Task<Sandbox> SuspendAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken)
    {
        Tell(sandbox, observer, "Suspending");
        return _runtime.Lifecycle.SuspendAsync(sandbox, cancellationToken);
    }

    /// <summary>
    /// Lets a suspended sandbox go on, whether it was suspended by hand or at its deadline. A deadline that is to come stays; where it has
    /// passed, the sandbox lives as long again as it was given at first. One that runs stays as it is, but for its deadline.
    /// </summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="timeout">How long it lives from now on, at least 1 second; <see cref="Timeout.InfiniteTimeSpan"/> for no end; null for the above.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sandbox, running.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.SandboxNotRunning"/>, <see cref="SandboxError.SandboxNotFound"/>.</exception>
    public Task<Sandbox> ResumeAsync(Sandbox sandbox, TimeSpan? timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (timeout is { } given)
            SandboxOptions.ValidateTimeout(given);

        Tell(sandbox, observer, "Resuming");
        return _runtime.Lifecycle.ResumeAsync(sandbox, timeout, sandbox.Lifetime ?? SandboxOptions.DefaultTimeout, cancellationToken);
    }

    /// <summary>Ends everything in a sandbox. Its files stay, and it can be started again; what it had in memory, and in memory file systems, is gone.</summary>
    /// <param name="sandbox">The sandbox; one that has stopped already stays so.</param>
    /// <param name="grace">How long processes have between being asked to end and being killed, from 0 to 10 minutes.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    /// <returns>The sandbox, stopped.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the grace is out of range, or the sandbox is one that is removed when it ends.</exception>
    public Task<Sandbox> StopAsync(Sandbox sandbox, TimeSpan grace, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (grace < TimeSpan.Zero || grace > LongestGrace)
            throw InvalidOption.Create("GracePeriod", grace, "is out of range", "Give a span from 0 to 10 minutes, for example 10s.");

        Tell(sandbox, observer, "Stopping");
        if (sandbox.OnTimeout == TimeoutAction.Remove)
            throw new SandboxException(SandboxError.InvalidOption, $"Sandbox '{sandbox}' was made with -OnTimeout Remove, so its engine removes it as soon as it stops.", sandbox, "Remove it with Remove-Sandbox or 'docker-sandbox kill' where that is meant; suspend it otherwise.");

        return _runtime.Lifecycle.StopAsync(sandbox, grace, cancellationToken);
    }

    /// <summary>Starts a sandbox that has stopped. It lives as long again as it was given at first, unless another time is named.</summary>
    /// <param name="sandbox">The sandbox; one that runs already goes on as it is, but for its deadline.</param>
    /// <param name="timeout">How long it lives from now on, at least 1 second; <see cref="Timeout.InfiniteTimeSpan"/> for no end; null for the above.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sandbox, running.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.SandboxNotRunning"/>, <see cref="SandboxError.EngineFailed"/>.</exception>
    public async Task<Sandbox> StartAsync(Sandbox sandbox, TimeSpan? timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        if (timeout is { } given)
            SandboxOptions.ValidateTimeout(given);

        Tell(sandbox, observer, "Starting");
        var started = await _runtime.Lifecycle.StartAsync(sandbox, cancellationToken).ConfigureAwait(false);
        return timeout is { } span
            ? await _runtime.SetTimeoutAsync(started, span == Timeout.InfiniteTimeSpan ? null : span, cancellationToken).ConfigureAwait(false)
            : await _runtime.WithDeadlineAsync(started, cancellationToken).ConfigureAwait(false);
    }

    private static void Tell(Sandbox sandbox, OperationObserver observer, string what)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"{what} sandbox '{sandbox}' ({sandbox.ShortId}).");
    }
}
