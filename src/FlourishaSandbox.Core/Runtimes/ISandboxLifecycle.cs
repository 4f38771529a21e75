using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What happens to sandboxes between their making and their removal. Throws as <see cref="ISandboxRuntime"/> does.</summary>
public interface ISandboxLifecycle
{
    /// <summary>Freezes a sandbox with all that runs in it. One that is frozen already is no error.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotRunning"/>.</exception>
    Task<Sandbox> SuspendAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Lets a frozen sandbox go on. One that is not frozen is no error.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="timeout">How long it lives from now on, <see cref="Timeout.InfiniteTimeSpan"/> for no end; null to keep a deadline that is to come.</param>
    /// <param name="fallback">How long it lives from now on where nothing else is said and its deadline has passed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotRunning"/>.</exception>
    Task<Sandbox> ResumeAsync(Sandbox sandbox, TimeSpan? timeout, TimeSpan fallback, CancellationToken cancellationToken);

    /// <summary>Ends everything in a sandbox; its files stay.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="grace">How long processes have between being asked to end and being killed.</param>
    /// <param name="cancellationToken">Ends the wait, not the stop.</param>
    Task<Sandbox> StopAsync(Sandbox sandbox, TimeSpan grace, CancellationToken cancellationToken);

    /// <summary>Starts a sandbox that has stopped, as it was started at first, and waits until it can be used.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotRunning"/>: it is suspended.</exception>
    Task<Sandbox> StartAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>What a sandbox was made from, so that another one like it can be made.</summary>
    Task<SandboxSpecification> SpecifyAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>
    /// Makes an image of a sandbox's files. The values of the variables that its maker gave are not in it. If the call fails or is cancelled, no
    /// image is left.
    /// </summary>
    /// <param name="sandbox">The sandbox, which need not run.</param>
    /// <param name="checkpoint">What the image is to be found by; null for one that only copies of the sandbox are made from.</param>
    /// <param name="observer">Hears what is not in it.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>The image's id.</returns>
    Task<string> CommitAsync(Sandbox sandbox, CheckpointLabel? checkpoint, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>The checkpoints on the engine, oldest first.</summary>
    Task<IReadOnlyList<SandboxCheckpoint>> ListCheckpointsAsync(CancellationToken cancellationToken);

    /// <summary>Takes a checkpoint's name away, and removes the image unless sandboxes use it: then it goes with the last of them.</summary>
    Task RemoveCheckpointAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken);

    /// <summary>Removes an image that copies were made from, unless there are some: then it goes with the last of them.</summary>
    Task ReleaseAsync(string image, CancellationToken cancellationToken);
}

/// <summary>What a checkpoint is to be found by.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Owner">Whose it is.</param>
/// <param name="CreatedAt">When it is made.</param>
public sealed record CheckpointLabel(string Name, string Owner, DateTimeOffset CreatedAt);
