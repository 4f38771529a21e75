using FlourishaSandbox.Agents;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Enforcement;
using FlourishaSandbox.Envd;
using FlourishaSandbox.Envd.Http;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// Sandboxes as containers of a Docker Engine. Commands and files go to the agent in a sandbox; the engine itself carries them where there
/// is none, where the sandbox does not run, and where something is to be done as another user than the sandbox's.
/// </summary>
public sealed class DockerRuntime : ISandboxRuntime
{
    // How long a sandbox that is only to be listed may take to say when it ends.
    private static readonly TimeSpan DeadlineLimit = TimeSpan.FromSeconds(2);

    // As a shell says it of a command that was killed.
    private const int KilledExitCode = 137;

    private readonly DockerClient _client;
    private readonly AgentDirectory _agents;
    private readonly AgentArchives _agentArchives;
    private readonly AgentCommands _agentCommands;
    private readonly AgentItems _agentItems;
    private readonly DockerCommands _commands;
    private readonly DockerCreation _creation;
    private readonly DockerFiles _files;
    private readonly DockerImageOperations _images;
    private readonly DockerSandboxNetworks _networks;
    private readonly DockerSandboxes _sandboxes;

    internal DockerRuntime(DockerClient client, string? agentFolder = null, AgentKey? key = null)
    {
        _client = client;
        _agents = new AgentDirectory(client, key ?? new AgentKey());
        _agentItems = new AgentItems(_agents);
        _agentArchives = new AgentArchives(_agents, _agentItems);
        _agentCommands = new AgentCommands(_agents);
        _commands = new DockerCommands(client);
        _files = new DockerFiles(client);
        _images = new DockerImageOperations(client);
        var claims = new DockerClaims(client);
        _sandboxes = new DockerSandboxes(client, claims, _agents);
        var facts = new DockerFacts(client);
        _networks = new DockerSandboxNetworks(client, _sandboxes, new PortForwarders(client, facts, agentFolder ?? AgentBinary.ProductFolder));
        _creation = new DockerCreation(client, _sandboxes, _networks, _agents, agentFolder ?? AgentBinary.ProductFolder, facts);
        Ports = new DockerPorts(_agents, _networks);
        Processes = new AgentProcesses(_agents, _agentCommands);
        Firewall = new DockerFirewall(client);
        Remains = new DockerRemains(client, _sandboxes, _networks, _agents, agentFolder ?? AgentBinary.ProductFolder);
        Lifecycle = new DockerLifecycle(client, _sandboxes, _agents, _images, _networks);
        Isolation = new DockerGround(client, _creation, _sandboxes, Firewall);
        Limits = new DockerLimits(client, _sandboxes, WithDeadlineAsync);
        Pool = new DockerPool(client, _creation, _sandboxes, claims, _agents);
    }

    /// <inheritdoc/>
    public string Description => $"{_client.Endpoint.Address} ({_client.Endpoint.Source})";

    /// <inheritdoc/>
    public bool IsLocal => _client.Endpoint.IsLocal;

    /// <inheritdoc/>
    public string HostName => _client.Endpoint.HostName;

    /// <inheritdoc/>
    public ISandboxProcesses Processes { get; }

    /// <inheritdoc/>
    public ISandboxItems Items => _agentItems;

    /// <inheritdoc/>
    public ISandboxLifecycle Lifecycle { get; }

    /// <inheritdoc/>
    public ISandboxRemains Remains { get; }

    /// <inheritdoc/>
    public ISandboxLimits Limits { get; }

    /// <inheritdoc/>
    public ISandboxPool Pool { get; }

    /// <inheritdoc/>
    public ISandboxIsolation Isolation { get; }

    /// <inheritdoc/>
    public ISandboxNetworks Networks => _networks;

    /// <inheritdoc/>
    public ISandboxPorts Ports { get; }

    /// <inheritdoc/>
    public ISandboxFirewall Firewall { get; }

    /// <summary>A runtime for the engine at an address.</summary>
    /// <param name="endpoint">unix://, npipe://, tcp:// or ssh://; null to look where the Docker CLI looks.</param>
    /// <param name="agentFolder">Where agents are found on this machine; null for those that came with the product.</param>
    /// <returns>The runtime. Nothing has been asked of the engine yet.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the address cannot be used.</exception>
    public static DockerRuntime Connect(string? endpoint = null, string? agentFolder = null)
    {
        try
        {
            return new DockerRuntime(new DockerClient(DockerEndpoint.Resolve(endpoint)), agentFolder);
        }
        catch (ArgumentException e)
        {
            throw new SandboxException(SandboxError.InvalidOption, e.Message, endpoint, innerException: e);
        }
    }

    /// <inheritdoc/>
    public Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken) =>
        _creation.CreateAsync(specification, observer, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _sandboxes.ListAsync(WithDeadlineAsync, cancellationToken));

    /// <inheritdoc/>
    public Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken) =>
        SandboxName.MayMean(nameOrId) ? DockerErrors.TranslateAsync(() => _sandboxes.FindAsync(nameOrId, cancellationToken)) : Task.FromResult<Sandbox?>(null);

    /// <inheritdoc/>
    public Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(async () =>
        {
            await _sandboxes.RemoveAsync(sandbox, cancellationToken).ConfigureAwait(false);
            _agents.Forget(sandbox.Id);
            if (sandbox.Creation is { } creation)
                await _networks.RemoveAsync(creation, cancellationToken).ConfigureAwait(false);

            // The image of a copy, or of a checkpoint that has lost its name, goes with the last sandbox that uses it.
            if (sandbox.Image.StartsWith("sha256:", StringComparison.Ordinal))
                await Lifecycle.ReleaseAsync(sandbox.Image, cancellationToken).ConfigureAwait(false);
        }, sandbox);

    /// <inheritdoc/>
    public async Task<Sandbox> WithDeadlineAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        if (_agents.Find(sandbox) is not { } agent)
            return sandbox;

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(DeadlineLimit);
        try
        {
            var deadline = await agent.GetAsync(EnvdRoutes.Deadline, EnvdJson.Default.Deadline, limit.Token).ConfigureAwait(false);
            return sandbox.With(AgentDeadline.ToTime(deadline), deadline.Suspended == true);
        }
        catch (Exception e) when (e is AgentLostException or Envd.Connect.ConnectException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return sandbox; // just ending, or just starting: the label has to do
        }
    }

    /// <inheritdoc/>
    public Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan? timeout, CancellationToken cancellationToken) =>
        _agents.AskAsync(sandbox, async agent =>
        {
            var request = new DeadlineRequest((long?)timeout?.TotalMilliseconds);
            var deadline = await agent.PutAsync(EnvdRoutes.Deadline, request, EnvdJson.Default.DeadlineRequest, EnvdJson.Default.Deadline, cancellationToken).ConfigureAwait(false);
            return sandbox.With(AgentDeadline.ToTime(deadline), deadline.Suspended == true);
        });

    /// <inheritdoc/>
    public async Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var disk = DockerErrors.TranslateAsync(() => _client.Containers.GetDiskUseAsync(sandbox.Id, cancellationToken), sandbox);
        return _agents.Find(sandbox) is null
            ? await DockerErrors.TranslateAsync(async () => DockerMetrics.From(sandbox, await _client.Containers.StatsOnceAsync(sandbox.Id, cancellationToken).ConfigureAwait(false), await disk.ConfigureAwait(false)), sandbox).ConfigureAwait(false)
            : AgentMeasurement.From(sandbox, await _agents.AskAsync(sandbox, agent => agent.GetAsync(EnvdRoutes.Metrics, EnvdJson.Default.AgentMetrics, cancellationToken)).ConfigureAwait(false), await disk.ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public async Task<string> DescribeAccessAsync(Sandbox sandbox, string? user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return _agents.Find(sandbox) switch
        {
            null => "through the Docker Engine, as it has no agent",
            _ when IsOther(user, sandbox) => $"through the Docker Engine, as its agent runs as {sandbox.User} and cannot become {user}",
            var agent => await agent.Connection.DescribeAsync(cancellationToken).ConfigureAwait(false),
        };
    }

    /// <inheritdoc/>
    public async Task<(Uri Url, string Token)?> FindAgentAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        if (_agents.Find(sandbox) is null)
            return null;

        // By which way, and whether the token is right, a request tells.
        return await _agents.AskAsync<(Uri, string)?>(sandbox, async agent =>
        {
            await agent.GetAsync(EnvdRoutes.Info, EnvdJson.Default.AgentInfo, cancellationToken).ConfigureAwait(false);
            return agent.Connection.Route is { Host.Length: > 0 } route ? (new UriBuilder(Uri.UriSchemeHttp, route.Host, route.Port).Uri, agent.Connection.Token) : null;
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken) =>
        _agents.Find(sandbox) is not null && !IsOther(request.User, sandbox)
            ? _agentCommands.RunAsync(sandbox, request, input, output, cancellationToken)
            : DockerErrors.TranslateAsync(() => RunThroughEngineAsync(sandbox, request, input, output, cancellationToken), sandbox);

    /// <inheritdoc/>
    public async Task<int?> StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken)
    {
        if (_agents.Find(sandbox) is not null && !IsOther(request.User, sandbox))
            return (await Processes.StartAsync(sandbox, request, new ProcessOptions(), cancellationToken).ConfigureAwait(false)).Id;

        await DockerErrors.TranslateAsync(() => _commands.StartAsync(sandbox, request, cancellationToken), sandbox).ConfigureAwait(false);
        return null;
    }

    /// <inheritdoc/>
    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        _agents.Find(sandbox) is not null
            ? _agentArchives.StatAsync(sandbox, path, cancellationToken)
            : DockerErrors.TranslateAsync(() => _files.StatAsync(sandbox, path, cancellationToken), sandbox);

    /// <inheritdoc/>
    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) =>
        _agents.Find(sandbox) is not null
            ? _agentArchives.GetOwnerAsync(sandbox, cancellationToken)
            : DockerErrors.TranslateAsync(() => _files.GetOwnerAsync(sandbox, cancellationToken), sandbox);

    /// <inheritdoc/>
    public async Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken)
    {
        // The agent writes as the sandbox's user; what belongs to root is for the engine.
        if (_agents.Find(sandbox) is not null && await _agentArchives.StatAsync(sandbox, folder, cancellationToken).ConfigureAwait(false) is { IsWritable: true })
        {
            await _agentArchives.WriteAsync(sandbox, folder, writeTar, cancellationToken).ConfigureAwait(false);
            return;
        }

        RefuseMemory(sandbox, folder, "written");
        await DockerErrors.TranslateAsync(() => _files.WriteArchiveAsync(sandbox, folder, writeTar, cancellationToken), sandbox).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        // As above: what the sandbox's user may not read is for the engine.
        if (_agents.Find(sandbox) is not null && await _agentArchives.TryReadAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is { } archive)
            return archive;

        RefuseMemory(sandbox, path, "read");
        return await DockerErrors.TranslateAsync(() => _files.ReadArchiveAsync(sandbox, path, cancellationToken), sandbox).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<SandboxEvent> WatchEventsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) => new DockerEvents(_client).WatchAsync(since, until, cancellationToken);

    /// <inheritdoc/>
    public Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.FindAsync(reference, cancellationToken), reference);

    /// <inheritdoc/>
    public Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.ListAsync(cancellationToken));

    /// <inheritdoc/>
    public Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.PullAsync(reference, observer, cancellationToken), reference);

    /// <inheritdoc/>
    public Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken) =>
        DockerErrors.TranslateAsync(() => _images.BuildAsync(build, observer, cancellationToken), build.Name);

    /// <inheritdoc/>
    public void Dispose()
    {
        _agents.Dispose();
        _client.Dispose();
    }

    // The engine would find what the image has at this path, under what is mounted there, and nobody would notice.
    private static void RefuseMemory(Sandbox sandbox, string path, string verb)
    {
        if (sandbox.MemoryFolders.FirstOrDefault(folder => folder.Holds(path)) is { } folder)
            throw new SandboxException(SandboxError.PathNotUsable, $"'{path}' in sandbox '{sandbox}' cannot be {verb}: {folder.Path} is in memory, where only the agent of a running sandbox looks, as {sandbox.User ?? "its user"}.", path, "Choose a place that the sandbox's user can use, while the sandbox runs.");
    }

    private async Task<CommandExit> RunThroughEngineAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        if (sandbox.Limits.Output is not { } limit)
            return await _commands.RunAsync(sandbox, request, input, output, cancellationToken).ConfigureAwait(false);

        try
        {
            return await _commands.RunAsync(sandbox, request, input, new LimitedOutput(output, limit), cancellationToken).ConfigureAwait(false);
        }
        catch (OutputExceededException)
        {
            // It is dead: whatever keeps its output from being taken ends it.
            await output.CompleteAsync(cancellationToken).ConfigureAwait(false);
            return new CommandExit(KilledExitCode, TimedOut: false) { Exceeded = LimitKind.Output };
        }
    }

    private static bool IsOther(string? user, Sandbox sandbox) => user is not null && user != sandbox.User;
}
