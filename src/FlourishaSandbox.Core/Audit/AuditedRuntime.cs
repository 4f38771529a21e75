using FlourishaSandbox.Commands;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Audit;

/// <summary>
/// A runtime whose every action is written down. It stands around another one, so that nobody who adds a cmdlet has to remember it. What
/// only looks is not an action; what carries a secret or a file out of a sandbox is one.
/// </summary>
/// <param name="inner">What does it.</param>
/// <param name="recorder">What writes it down.</param>
internal sealed class AuditedRuntime(ISandboxRuntime inner, AuditRecorder recorder) : ISandboxRuntime
{
    /// <inheritdoc/>
    public string Description => inner.Description;

    /// <inheritdoc/>
    public bool IsLocal => inner.IsLocal;

    /// <inheritdoc/>
    public string HostName => inner.HostName;

    /// <inheritdoc/>
    public ISandboxProcesses Processes { get; } = new AuditedProcesses(inner.Processes, recorder);

    /// <inheritdoc/>
    public ISandboxItems Items { get; } = new AuditedItems(inner.Items, recorder);

    /// <inheritdoc/>
    public ISandboxLimits Limits { get; } = new AuditedLimits(inner.Limits, recorder);

    /// <inheritdoc/>
    public ISandboxLifecycle Lifecycle { get; } = new AuditedLifecycle(inner.Lifecycle, recorder);

    /// <inheritdoc/>
    public ISandboxRemains Remains { get; } = new AuditedRemains(inner.Remains, recorder);

    /// <inheritdoc/>
    public ISandboxPool Pool { get; } = new AuditedPool(inner.Pool, recorder);

    /// <inheritdoc/>
    public ISandboxIsolation Isolation { get; } = new AuditedIsolation(inner.Isolation, recorder);

    /// <inheritdoc/>
    public ISandboxNetworks Networks { get; } = new AuditedNetworks(inner.Networks, recorder);

    /// <inheritdoc/>
    public ISandboxPorts Ports { get; } = new AuditedPorts(inner.Ports, recorder);

    /// <inheritdoc/>
    public ISandboxFirewall Firewall { get; } = new AuditedFirewall(inner.Firewall, recorder);

    /// <inheritdoc/>
    public Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(specification);
        var action = new AuditedAction("create", Sandbox: null,
            ("name", specification.Name),
            ("template", specification.Template),
            ("image", specification.Image),
            ("isolation", specification.Isolation.ToString()),
            ("network", specification.Network.ToString()),
            ("routing", specification.Routing.ToString()),
            ("private", specification.Private ? "true" : null),
            ("allowHosts", specification.AllowHosts.Count == 0 ? null : string.Join(", ", specification.AllowHosts)),
            ("denyHosts", specification.DenyHosts.Count == 0 ? null : string.Join(", ", specification.DenyHosts)),
            ("volumes", specification.Volumes.Count == 0 ? null : string.Join(", ", specification.Volumes)));
        return recorder.RecordAsync(action, () => inner.CreateAsync(specification, observer, cancellationToken), made => new AuditedEnd(made));
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken) => inner.ListAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken) => inner.FindAsync(nameOrId, cancellationToken);

    /// <inheritdoc/>
    public Task<Sandbox> WithDeadlineAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.WithDeadlineAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan? timeout, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("set-timeout", sandbox, ("timeout", timeout?.ToString() ?? "unlimited")), () => inner.SetTimeoutAsync(sandbox, timeout, cancellationToken));

    /// <inheritdoc/>
    public Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.MeasureAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("remove", sandbox) { Frees = true }, () => inner.RemoveAsync(sandbox, cancellationToken));

    /// <inheritdoc/>
    public Task<string> DescribeAccessAsync(Sandbox sandbox, string? user, CancellationToken cancellationToken) => inner.DescribeAccessAsync(sandbox, user, cancellationToken);

    /// <inheritdoc/>
    public Task<(Uri Url, string Token)?> FindAgentAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("token", sandbox), () => inner.FindAgentAsync(sandbox, cancellationToken));

    /// <inheritdoc/>
    public Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken) =>
        recorder.RecordAsync(OfCommand("exec", sandbox, request), () => inner.RunAsync(sandbox, request, input, output, cancellationToken), exit => new AuditedEnd(null, exit.ExitCode, exit.TimedOut));

    /// <inheritdoc/>
    public Task<int?> StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken) =>
        recorder.RecordAsync(OfCommand("exec-detached", sandbox, request), () => inner.StartAsync(sandbox, request, cancellationToken));

    /// <inheritdoc/>
    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) => inner.StatAsync(sandbox, path, cancellationToken);

    /// <inheritdoc/>
    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) => inner.GetOwnerAsync(sandbox, cancellationToken);

    /// <inheritdoc/>
    public Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("copy-to", sandbox, ("path", folder)), () => inner.WriteArchiveAsync(sandbox, folder, writeTar, cancellationToken));

    /// <inheritdoc/>
    public Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("copy-from", sandbox, ("path", path)), () => inner.ReadArchiveAsync(sandbox, path, cancellationToken));

    /// <inheritdoc/>
    public IAsyncEnumerable<SandboxEvent> WatchEventsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) => inner.WatchEventsAsync(since, until, cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken) => inner.FindImageAsync(reference, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken) => inner.ListImagesAsync(cancellationToken);

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) =>
        recorder.RecordAsync(new AuditedAction("image-pull", Sandbox: null, ("image", reference)), () => inner.PullImageAsync(reference, observer, cancellationToken));

    /// <inheritdoc/>
    public Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(build);
        return recorder.RecordAsync(new AuditedAction("image-build", Sandbox: null, ("image", build.Name)), () => inner.BuildImageAsync(build, observer, cancellationToken));
    }

    /// <inheritdoc/>
    public void Dispose() => inner.Dispose();

    /// <summary>A command as an action. The values of its variables are nobody's business, their names may explain what it does.</summary>
    internal static AuditedAction OfCommand(string name, Sandbox sandbox, CommandRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return new AuditedAction(name, sandbox,
            ("command", request.Arguments is null ? request.Command : string.Join(' ', [request.Command, .. request.Arguments])),
            ("user", request.User),
            ("workingDirectory", request.WorkingDirectory),
            ("environment", request.Environment.Count == 0 ? null : string.Join(", ", request.Environment.Keys)),
            ("timeout", request.Timeout?.ToString()));
    }
}
