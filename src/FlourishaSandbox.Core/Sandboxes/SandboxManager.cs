using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Files;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Images;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Networks;
using FlourishaSandbox.Pools;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>
/// Everything that can be done with sandboxes, and the one place that decides: what an option means, which defaults hold, what is stale.
/// Safe to be used from several threads at once. Every method throws <see cref="SandboxException"/> where it fails.
/// </summary>
public sealed class SandboxManager : IDisposable
{
    private readonly ISandboxRuntime _runtime;
    private readonly SandboxSettings _settings;
    private readonly SessionRecords _sessions;
    private readonly TimeProvider _time;

    /// <summary>Creates a manager.</summary>
    /// <param name="runtime">What carries the sandboxes; disposed with the manager.</param>
    /// <param name="settings">What holds for all of them.</param>
    /// <param name="templates">Where templates are found; null for the user's folders and the product's.</param>
    /// <param name="time">The clock for ages and deadlines; null for the machine's.</param>
    public SandboxManager(ISandboxRuntime runtime, SandboxSettings settings, TemplateCatalog? templates = null, TimeProvider? time = null)
        : this(runtime, settings, templates, time, sessionFolder: null)
    {
    }

    internal SandboxManager(ISandboxRuntime runtime, SandboxSettings settings, TemplateCatalog? templates, TimeProvider? time, string? sessionFolder)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _runtime = runtime;
        _settings = settings;
        _time = time ?? TimeProvider.System;
        _sessions = new SessionRecords(runtime.Description.Split(' ')[0], sessionFolder);
        Templates = templates ?? TemplateCatalog.ForUser(settings);
        Images = new ImageStore(runtime, settings);
        Files = new SandboxFiles(runtime);
        Networks = new SandboxNetworks(runtime, Templates, Images);
        Hosts = new HostRouter(runtime, settings);
        Isolation = new SandboxIsolation(runtime, Templates);
        Processes = new SandboxProcesses(runtime);
        Events = new SandboxEvents(runtime, settings.Audit);
        Lifecycle = new SandboxLifecycle(runtime);
        Checkpoints = new SandboxCheckpoints(runtime, settings, _sessions, Networks, _time);
        Cleanup = new SandboxCleanup(runtime, settings, _sessions, _time);
        Limits = new SandboxLimits(runtime);
        Pools = new SandboxPools(runtime, settings, new PoolFile(settings.PoolFile, settings.Defaults), new PoolPlanner(Templates, Images, SpecifyAsync, Specify), _time);
    }

    /// <summary>The engine's address, and where it was configured.</summary>
    public string Engine => _runtime.Description;

    /// <summary>What holds for all sandboxes, and what a sandbox is where nobody says otherwise.</summary>
    public SandboxSettings Settings => _settings;

    /// <summary>The templates.</summary>
    public TemplateCatalog Templates { get; }

    /// <summary>The images.</summary>
    public ImageStore Images { get; }

    /// <summary>The sandboxes' files.</summary>
    public SandboxFiles Files { get; }

    /// <summary>The sandboxes' processes.</summary>
    public SandboxProcesses Processes { get; }

    /// <summary>What the sandboxes may use.</summary>
    public SandboxLimits Limits { get; }

    /// <summary>Pools of sandboxes that wait to be claimed.</summary>
    public SandboxPools Pools { get; }

    /// <summary>What was done to sandboxes.</summary>
    public SandboxEvents Events { get; }

    /// <summary>Tests of the sandboxes' isolation.</summary>
    public SandboxIsolation Isolation { get; }

    /// <summary>The sandboxes' networks.</summary>
    public SandboxNetworks Networks { get; }

    /// <summary>The rules that close the engine's machine to sandboxes.</summary>
    public ISandboxFirewall Firewall => _runtime.Firewall;

    /// <summary>Connections into the sandboxes and out of them, through their agents.</summary>
    public ISandboxPorts Ports => _runtime.Ports;

    /// <summary>Suspending, stopping and starting.</summary>
    public SandboxLifecycle Lifecycle { get; }

    /// <summary>Sandboxes' files under a name, and copies of sandboxes.</summary>
    public SandboxCheckpoints Checkpoints { get; }

    /// <summary>What nobody will miss.</summary>
    public SandboxCleanup Cleanup { get; }

    /// <summary>The sandboxes' addresses.</summary>
    public HostRouter Hosts { get; }

    /// <summary>The gateways of this user on this machine.</summary>
    public SandboxGateways Gateways { get; } = new();

    /// <summary>A manager for the engine that the environment names: the Docker CLI's variables and contexts, and <see cref="SandboxSettings"/>.</summary>
    /// <param name="settings">Settings; null to read them from the environment.</param>
    /// <returns>The manager. Nothing has been asked of the engine yet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a setting cannot be used.</exception>
    public static SandboxManager Connect(SandboxSettings? settings = null)
    {
        settings ??= SandboxSettings.FromEnvironment();
        settings.Audit.Validate();
        var runtime = DockerRuntime.Connect(settings.Endpoint, settings.AgentFolder);
        return new SandboxManager(settings.Audit.Enabled ? new AuditedRuntime(runtime, new AuditRecorder(settings.Audit, settings.Owner, runtime.Description)) : runtime, settings);
    }

    /// <summary>Makes a sandbox and starts it, or takes one that waits in a pool where one fits. On failure and on cancellation nothing is left behind.</summary>
    /// <param name="options">What is wanted.</param>
    /// <param name="observer">Hears of image builds and pulls.</param>
    /// <param name="cancellationToken">Ends the making.</param>
    /// <returns>The sandbox, running.</returns>
    /// <exception cref="SandboxException">
    /// <see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.TemplateNotFound"/>, <see cref="SandboxError.TemplateInvalid"/>,
    /// <see cref="SandboxError.ImageNotFound"/>, <see cref="SandboxError.ImageBuildFailed"/>, <see cref="SandboxError.NameInUse"/>,
    /// <see cref="SandboxError.EngineUnreachable"/>, <see cref="SandboxError.EngineFailed"/>.
    /// </exception>
    public async Task<Sandbox> CreateAsync(SandboxOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        var wanted = await SpecifyAsync(options, observer, cancellationToken).ConfigureAwait(false);
        _sessions.Note();
        return await Pools.TryClaimAsync(options, wanted, observer, cancellationToken).ConfigureAwait(false)
            ?? await _runtime.CreateAsync(wanted, observer, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The sandboxes that match, oldest first.</summary>
    /// <param name="filter">Which are wanted.</param>
    /// <param name="cancellationToken">Ends the listing.</param>
    /// <returns>The sandboxes.</returns>
    public async Task<IReadOnlyList<Sandbox>> ListAsync(SandboxFilter filter, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(filter);
        var now = _time.GetUtcNow();
        var sandboxes = await _runtime.ListAsync(cancellationToken).ConfigureAwait(false);
        var isAbandoned = filter.Stale ? Cleanup.AbandonedNow() : null;
        return [.. sandboxes.Where(sandbox => filter.Matches(sandbox, now, isAbandoned))];
    }

    /// <summary>The sandbox that is meant, as it is now.</summary>
    /// <param name="reference">A sandbox, a name, an id or its beginning.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The sandbox.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.SandboxNotFound"/>; <see cref="SandboxError.SandboxAmbiguous"/>: several ids begin like this.</exception>
    public async Task<Sandbox> GetAsync(SandboxReference reference, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);

        // An engine takes any beginning of an id, and one letter must not hit whatever begins so.
        if (await _runtime.FindAsync(reference.Sandbox?.Id ?? reference.Text, cancellationToken).ConfigureAwait(false) is { } sandbox
            && (reference.Sandbox is not null || reference.IsExactly(sandbox) || reference.IsBeginningOfId(sandbox)))
            return sandbox;

        var sandboxes = await _runtime.ListAsync(cancellationToken).ConfigureAwait(false);
        var candidates = reference.Sandbox is null ? sandboxes.Where(reference.IsBeginningOfId).ToList() : [];
        if (candidates.Count == 1)
            return candidates[0]; // the engine found several, but the others are no sandboxes

        if (candidates.Count > 1)
            throw new SandboxException(SandboxError.SandboxAmbiguous, $"The ids of several sandboxes begin with '{reference}': {string.Join(", ", candidates.Select(one => $"{one.Name} ({one.ShortId})"))}.", reference.Text, "Give more digits, or the name.");

        var names = sandboxes.Where(one => one.Owner == _settings.Owner).Select(one => one.Name).Take(5).ToList();
        var hint = names.Count == 0 ? "You have none." : $"You have {string.Join(", ", names)}{(names.Count == 5 ? ", …" : "")}.";
        throw new SandboxException(SandboxError.SandboxNotFound, $"There is no sandbox '{reference}'. {hint}", reference.Text, "List them with Get-Sandbox -All or 'docker-sandbox list --all'; it may have ended and been removed.");
    }

    /// <summary>The sandbox that is meant, as it is now, to be looked at: its deadline is asked for too.</summary>
    /// <param name="reference">A sandbox, a name, an id or its beginning.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <returns>The sandbox.</returns>
    /// <exception cref="SandboxException">As for <see cref="GetAsync"/>.</exception>
    public async Task<Sandbox> LookAtAsync(SandboxReference reference, CancellationToken cancellationToken) =>
        await _runtime.WithDeadlineAsync(await GetAsync(reference, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    /// <summary>Removes a sandbox with all that belongs to it, running or not.</summary>
    /// <param name="sandbox">The sandbox; one that is gone already is no error.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait; the engine goes on with what it began.</param>
    /// <returns>A task that ends when it is gone.</returns>
    public Task RemoveAsync(Sandbox sandbox, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(observer);
        observer.Verbose($"Removing sandbox '{sandbox}' ({sandbox.ShortId}).");
        return _runtime.RemoveAsync(sandbox, cancellationToken);
    }

    /// <summary>Sets how long a sandbox lives from now on, whatever its deadline was.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="timeout">At least 1 second, at most 10 years, or <see cref="Timeout.InfiniteTimeSpan"/> for no end.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The sandbox with its new deadline.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>, <see cref="SandboxError.AgentUnavailable"/>, <see cref="SandboxError.SandboxNotRunning"/>.</exception>
    public Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan timeout, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(observer);
        SandboxOptions.ValidateTimeout(timeout);
        observer.Verbose($"Setting the lifetime of sandbox '{sandbox}'.");
        return _runtime.SetTimeoutAsync(sandbox, timeout == Timeout.InfiniteTimeSpan ? null : timeout, cancellationToken);
    }

    /// <summary>Measures what a sandbox uses just now.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>What it uses.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.SandboxNotRunning"/>, or what the runtime throws.</exception>
    public Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return _runtime.MeasureAsync(sandbox, cancellationToken);
    }

    /// <summary>Runs a command to its end and keeps its output.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="request">The command.</param>
    /// <param name="input">What the command reads from its standard input; null for nothing. Read to its end, not disposed.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Kills the command and all its descendants.</param>
    /// <returns>What became of it. A non-zero exit code is a result, and so is a time-out.</returns>
    public async Task<CommandResult> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(observer);
        var started = _time.GetTimestamp();
        using var output = new CommandOutputBuffer();
        var exit = await RunAsync(sandbox, request, input, output, observer, cancellationToken).ConfigureAwait(false);
        if (output.Truncated)
            observer.Warning($"The command in sandbox '{sandbox}' wrote more than {CommandOutputBuffer.DefaultLimit >> 20} MiB; only the beginning is kept. Stream its output, or write it to a file and copy that.");

        return new CommandResult(output.Output, output.Error)
        {
            Sandbox = sandbox,
            Command = request.Command,
            ExitCode = exit.ExitCode,
            TimedOut = exit.TimedOut,
            Exceeded = exit.Exceeded,
            Killed = exit.Killed ?? [],
            Truncated = output.Truncated,
            Duration = _time.GetElapsedTime(started),
        };
    }

    /// <summary>Runs a command to its end and hands its output on as it comes.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="request">The command.</param>
    /// <param name="input">What the command reads from its standard input; null for nothing.</param>
    /// <param name="output">Takes the output.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Kills the command and all its descendants.</param>
    /// <returns>How it ended.</returns>
    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, OperationObserver observer, CancellationToken cancellationToken)
    {
        Check(sandbox, request, observer);
        observer.Verbose($"Sandbox '{sandbox}' is reached {await _runtime.DescribeAccessAsync(sandbox, request.User, cancellationToken).ConfigureAwait(false)}.");
        return await _runtime.RunAsync(sandbox, request, input, output, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Starts a command and leaves it to itself, as one does with a server.</summary>
    /// <param name="sandbox">The sandbox, running.</param>
    /// <param name="request">The command; it has no time-out of its own, the sandbox's deadline ends it.</param>
    /// <param name="observer">Hears of it.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <returns>A result without an exit code.</returns>
    public async Task<CommandResult> StartAsync(Sandbox sandbox, CommandRequest request, OperationObserver observer, CancellationToken cancellationToken)
    {
        Check(sandbox, request, observer);
        if (request.Timeout is not null)
            throw InvalidOption.Create("Timeout", request.Timeout, "was given for a command that is left to itself", "Leave it out, or wait for the command.");

        var started = _time.GetTimestamp();
        var id = await _runtime.StartAsync(sandbox, request, cancellationToken).ConfigureAwait(false);
        return new CommandResult { Sandbox = sandbox, Command = request.Command, ProcessId = id, Duration = _time.GetElapsedTime(started) };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sessions.Dispose();
        _runtime.Dispose();
    }

    internal static void Check(Sandbox sandbox, CommandRequest request, OperationObserver observer)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(observer);
        request.Validate();

        // The command itself may hold a password, and this line may be logged.
        observer.Verbose($"Starting a command in sandbox '{sandbox}' as {request.User ?? sandbox.User ?? "root"}, in {request.WorkingDirectory ?? sandbox.WorkingDirectory}.");
    }

    private async Task<SandboxSpecification> SpecifyAsync(SandboxOptions options, OperationObserver observer, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        RoutingRules.Validate(options, _settings);
        if (!_settings.UseContainer)
            throw InvalidOption.Create("USE_CONTAINER", "false", "asks for work without a container, and there is no such mode", "Unset it, or set it to true; Get-SandboxConfiguration useContainer, or 'docker-sandbox config get useContainer', says where it is set.");

        var checkpoint = options.Checkpoint is null ? null : await Checkpoints.GetAsync(options.Checkpoint, cancellationToken).ConfigureAwait(false);
        var template = (options.Image ?? options.Checkpoint) is null ? Templates.Get(options.Template ?? SandboxOptions.DefaultTemplate) : null;
        var image = checkpoint?.Image ?? (template is null
            ? await Images.EnsureAsync(options.Image!, observer, cancellationToken).ConfigureAwait(false)
            : await Images.EnsureAsync(template, observer, cancellationToken).ConfigureAwait(false));

        var egress = await Networks.PlanEgressAsync(options, observer, cancellationToken).ConfigureAwait(false);
        return Specify(options, template, image, checkpoint) with { Egress = egress };
    }

    private SandboxSpecification Specify(SandboxOptions options, Template? template, SandboxImage image) => Specify(options, template, image, checkpoint: null);

    private SandboxSpecification Specify(SandboxOptions options, Template? template, SandboxImage image, SandboxCheckpoint? checkpoint)
    {
        var profile = IsolationProfile.For(options.Isolation);
        var shared = ProxyEnvironment.For(_settings.Proxy, options, profile);
        foreach (var (name, value) in template?.Environment ?? new Dictionary<string, string>())
            shared[name] = value;

        var environment = new Dictionary<string, string>(shared);
        foreach (var (name, value) in options.Environment)
            environment[name] = value;

        var user = options.User ?? template?.User ?? (checkpoint is null ? UnprivilegedUser(image) : image.User ?? "root");
        IsolationRules.ValidateUser(profile, user);
        int[] ports = [.. options.Ports.Concat(template?.Ports ?? checkpoint?.Ports ?? []).Distinct().Order()];
        RoutingRules.Validate(options, ports, image);
        return new SandboxSpecification
        {
            Name = options.Name ?? SandboxName.Create(),
            Template = template?.Name ?? checkpoint?.Template,
            Image = image.Name,
            ImageId = image.Id,
            Platform = (image.OperatingSystem, image.Architecture),
            StartCommand = template?.StartCommand ?? StartCommandOf(image),
            Owner = _settings.Owner,
            Maker = SessionRecords.Maker,
            CreatedAt = _time.GetUtcNow(),
            Timeout = options.Timeout == Timeout.InfiniteTimeSpan ? null : options.Timeout,
            OnTimeout = options.OnTimeout,
            Routing = options.Routing,
            Traefik = options.Routing == HostRouting.Traefik ? TraefikRoute.From(_settings) : null,
            Private = options.Private,
            Isolation = options.Isolation,
            Network = NetworkRules.PolicyFor(options),
            AllowHosts = options.AllowHosts,
            DenyHosts = options.DenyHosts,
            SubnetRange = SubnetRange.Parse(nameof(SandboxSettings.SubnetRange), _settings.SubnetRange),
            Runtime = options.Runtime,
            Limits = options.Limits,
            User = user,
            WorkingDirectory = Workspace(options.WorkingDirectory ?? template?.WorkingDirectory ?? image.WorkingDirectory, profile),
            Environment = environment,
            TemplateEnvironment = shared,
            GivenVariables = [.. options.Environment.Keys],
            Metadata = options.Metadata,
            Ports = ports,
            PublishAddress = _settings.PublishAddress,
            // Not from the checkpoint itself: what is kept is a template's say.
            Capabilities = (template ?? Templates.List().FirstOrDefault(each => each.Name == checkpoint?.Template))?.Capabilities ?? [],
            SharedMemory = template?.SharedMemory,
            Volumes = options.Volumes,
        };
    }

    // With a root that cannot be written, the workspace is a file system of its own, which the root cannot be.
    private static string Workspace(string folder, IsolationProfile profile) =>
        profile.HasReadOnlyRoot && folder.TrimEnd('/').Length == 0 ? "/workspace" : folder;

    // What an image runs by itself, such as a web server. A shell without a terminal would end at once.
    private static IReadOnlyList<string> StartCommandOf(SandboxImage image) =>
        image.Command.Count == 1 && Path.GetFileName(image.Command[0]) is "sh" or "bash" or "ash" or "dash" or "zsh" ? [] : image.Command;

    // An image that would run as root runs as a number that owns nothing; whoever wants root in a sandbox says so.
    private static string UnprivilegedUser(SandboxImage image) =>
        string.IsNullOrEmpty(image.User) || image.User is "root" or "0" || image.User.StartsWith("0:", StringComparison.Ordinal) || image.User.StartsWith("root:", StringComparison.Ordinal)
            ? "10000:10000"
            : image.User;
}
