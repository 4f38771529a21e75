using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// What carries sandboxes: Docker today. A runtime does what it is told, and cleans up after itself when it fails; what should be done
/// is for <see cref="SandboxManager"/> to decide. Every method throws <see cref="SandboxException"/> with
/// <see cref="SandboxError.EngineUnreachable"/> or <see cref="SandboxError.EngineFailed"/> where the engine does not answer or refuses,
/// and <see cref="OperationCanceledException"/> when cancelled.
/// </summary>
public interface ISandboxRuntime : IDisposable
{
    /// <summary>The engine's address, and where it was configured.</summary>
    string Description { get; }

    /// <summary>Whether the engine is on this machine, so that its loopback addresses are ours.</summary>
    bool IsLocal { get; }

    /// <summary>The engine's machine, as its address names it; <c>localhost</c> for this one.</summary>
    string HostName { get; }

    /// <summary>Processes that live longer than a call.</summary>
    ISandboxProcesses Processes { get; }

    /// <summary>Single files and folders.</summary>
    ISandboxItems Items { get; }

    /// <summary>Limits of what runs.</summary>
    ISandboxLimits Limits { get; }

    /// <summary>Sandboxes that wait to be claimed.</summary>
    ISandboxPool Pool { get; }

    /// <summary>What a test of sandboxes' isolation needs of the outside.</summary>
    ISandboxIsolation Isolation { get; }

    /// <summary>Networks of sandboxes.</summary>
    ISandboxNetworks Networks { get; }

    /// <summary>Ports of sandboxes.</summary>
    ISandboxPorts Ports { get; }

    /// <summary>The rules that close the engine's machine to sandboxes.</summary>
    ISandboxFirewall Firewall { get; }

    /// <summary>What sandboxes may leave.</summary>
    ISandboxRemains Remains { get; }

    /// <summary>Suspending, stopping, checkpoints.</summary>
    ISandboxLifecycle Lifecycle { get; }

    /// <summary>Makes and starts a sandbox. If anything fails, or the call is cancelled, what was made is gone before the exception comes.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.NameInUse"/> and <see cref="SandboxError.ImageNotFound"/>.</exception>
    Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>All sandboxes on the engine, oldest first, with their deadlines as their agents say.</summary>
    Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken);

    /// <summary>The sandbox of this name or id; null where there is none. An id may be shortened; an ambiguous one is found nowhere.</summary>
    Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken);

    /// <summary>The same sandbox with its deadline as its agent says. Labels cannot change, so one that was set later is known to the agent alone.</summary>
    Task<Sandbox> WithDeadlineAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Sets how long a sandbox lives from now; null for no end.</summary>
    /// <returns>The sandbox with its new deadline.</returns>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotRunning"/> and <see cref="SandboxError.AgentUnavailable"/>.</exception>
    Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan? timeout, CancellationToken cancellationToken);

    /// <summary>Measures what a sandbox uses.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotRunning"/>.</exception>
    Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Removes a sandbox and all that belongs to it, running or not. One that is gone already is no error.</summary>
    Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>By which way commands and files of a sandbox go, and why, as the end of a sentence that begins "is reached".</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="user">The user of a command; null for the sandbox's.</param>
    /// <param name="cancellationToken">Ends the probe, where one is needed.</param>
    Task<string> DescribeAccessAsync(Sandbox sandbox, string? user, CancellationToken cancellationToken);

    /// <summary>Where another client reaches a sandbox's agent from this machine, and with which token; null where only this one can, or there is none.</summary>
    Task<(Uri Url, string Token)?> FindAgentAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>
    /// Runs a command to its end. When its time is over, or the call is cancelled, the command and all its descendants are dead
    /// before this returns or throws.
    /// </summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.SandboxNotFound"/>, <see cref="SandboxError.SandboxNotRunning"/> and <see cref="SandboxError.CommandNotFound"/>.</exception>
    Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken);

    /// <summary>Starts a command and leaves it to itself. Its output is kept where the sandbox has an agent, else it goes nowhere.</summary>
    /// <returns>Its number in the sandbox; null where the sandbox has no agent.</returns>
    /// <exception cref="SandboxException">As for <see cref="RunAsync"/>.</exception>
    Task<int?> StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken);

    /// <summary>What is at a path; null where nothing is. A link is followed.</summary>
    Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>The numbers of the sandbox's user, to whom files belong that are copied in.</summary>
    Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Unpacks a tar stream, which <paramref name="writeTar"/> writes, into a folder that exists. Owners and modes are those of the entries.</summary>
    Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken);

    /// <summary>A file or folder as a tar stream, whose first component is the last one of the path. Hostile: the sandbox decides what is in it. Buffered; reading may block the calling thread.</summary>
    /// <exception cref="SandboxException">Also <see cref="SandboxError.PathNotFound"/>.</exception>
    Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken);

    /// <summary>What the engine says that happened to sandboxes, in its own words and the order of its clock.</summary>
    /// <param name="since">From when on; an engine remembers some hundred events.</param>
    /// <param name="until">Until when; null to go on as long as the engine does.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    IAsyncEnumerable<SandboxEvent> WatchEventsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken);

    /// <summary>The image of this name or id; null where the engine has none.</summary>
    Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken);

    /// <summary>The images that were built here.</summary>
    Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken);

    /// <summary>Fetches an image from its registry.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.ImageNotFound"/>: no registry gives it, with the engine's words.</exception>
    Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>Builds an image.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.ImageBuildFailed"/>: with the failing step and the end of its output.</exception>
    Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken);
}
