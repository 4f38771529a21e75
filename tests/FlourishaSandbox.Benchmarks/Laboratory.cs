using System.Globalization;
using FlourishaSandbox.Docker;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Benchmarks;

/// <summary>What all benchmarks need, and the mark by which everything that they made is found and removed at the end.</summary>
internal sealed class Laboratory : IAsyncDisposable
{
    private const string MarkKey = "benchmark";

    // What became of a 'docker run' that was interrupted shows only after a while.
    private static readonly TimeSpan LateArrival = TimeSpan.FromSeconds(1);

    private readonly string _mark = Guid.NewGuid().ToString("N");
    private readonly SandboxSettings _settings;
    private bool _grantsOpenFiles;
    private bool _isPrepared;
    private int _names;

    /// <summary>Opens the laboratory; nothing is made yet.</summary>
    /// <param name="options">What the user wants.</param>
    public Laboratory(BenchmarkOptions options)
    {
        Options = options;
        Folder = Directory.CreateTempSubdirectory("flourisha-bench-").FullName;

        // An owner of its own has no pool but those that are measured, and leaves the user's alone.
        _settings = SandboxSettings.FromEnvironment() with { AgentFolder = StagedFile("agent"), Owner = $"bench-{_mark}", PoolFile = Path.Combine(Folder, "pools.json") };
        Manager = SandboxManager.Connect(_settings);
        Client = new DockerClient(DockerEndpoint.Resolve(null));
        Raw = new RawEngine(Client.Endpoint);
    }

    /// <summary>What the user wants.</summary>
    public BenchmarkOptions Options { get; }

    /// <summary>What is measured.</summary>
    public SandboxManager Manager { get; }

    /// <summary>Our own client, for what is not measured.</summary>
    public DockerClient Client { get; }

    /// <summary>The Engine API alone.</summary>
    public RawEngine Raw { get; }

    /// <summary>A folder for files; removed at the end.</summary>
    public string Folder { get; }

    /// <summary>The Docker CLI.</summary>
    public string Docker { get; } = Tool.Find("docker") ?? throw new InvalidOperationException("There is no docker on PATH to compare with.");

    /// <summary>Our CLI as build.sh stages it; null where it is not there.</summary>
    public string? Cli { get; } = StagedFile("bin/docker-sandbox");

    /// <summary>The gateway's program as build.sh stages it; null where it is not there.</summary>
    public string? GatewayProgram { get; } = StagedFile("bin/docker-sandbox-gateway");

    /// <summary>Our module as build.sh stages it; null where it is not there.</summary>
    public string? Module { get; } = StagedFile("FlourishaSandbox") is { } folder ? Directory.EnumerateFiles(folder, "FlourishaSandbox.psd1", SearchOption.AllDirectories).FirstOrDefault() : null;

    /// <summary>What a sandbox is made with here.</summary>
    public SandboxOptions SandboxOptions => new()
    {
        Image = Options.Image,
        Name = NextName(),
        Metadata = new Dictionary<string, string> { [MarkKey] = _mark },
    };

    /// <summary>Makes the shared network and finds out what the engine grants, so that no measurement pays for it.</summary>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var sandbox = await CreateAsync(cancellationToken);
        var container = await Client.Containers.InspectAsync(sandbox.Id, cancellationToken);
        _grantsOpenFiles = container.HostConfig.Ulimits is { Count: > 0 };
        await RemoveAsync(sandbox, cancellationToken);
        _isPrepared = true;
    }

    /// <summary>A container that is just like one of our sandboxes, but without an agent: its first process sleeps. With a name of its own.</summary>
    public (ContainerCreateRequest Request, string Name) EqualContainer()
    {
        var options = SandboxOptions;
        var specification = new SandboxSpecification
        {
            Name = options.Name!,
            Image = Options.Image,
            Owner = _settings.Owner,
            CreatedAt = DateTimeOffset.UtcNow,
            Timeout = options.Timeout,
            Limits = options.Limits,
            User = "10000:10000",
            WorkingDirectory = "/",
            Metadata = options.Metadata,
            PublishAddress = _settings.PublishAddress,
        };
        return (SandboxMapping.ToContainer(specification, Guid.NewGuid().ToString("N"), new NetworkFacts(SandboxMapping.SharedNetwork, _grantsOpenFiles, Gateway: null), agent: null), options.Name!);
    }

    /// <summary>The arguments by which the Docker CLI makes the same container.</summary>
    public string[] DockerRun()
    {
        var (request, name) = EqualContainer();
        var host = request.HostConfig!;
        return
        [
            "run", "-d", "--name", name, "--hostname", request.Hostname!, "--user", request.User!, "--workdir", request.WorkingDir!,
            "--memory", Text(host.Memory), "--memory-swap", Text(host.MemorySwap),
            "--cpu-period", Text(host.CpuPeriod), "--cpu-quota", Text(host.CpuQuota), "--pids-limit", Text(host.PidsLimit),
            .. Each("--ulimit", host.Ulimits, limit => $"{limit.Name}={limit.Soft}:{limit.Hard}"),
            .. Each("--cap-drop", host.CapDrop, name => name), .. Each("--cap-add", host.CapAdd, name => name),
            .. Each("--security-opt", host.SecurityOpt, option => option),
            .. Each("--label", request.Labels, label => $"{label.Key}={label.Value}"),
            "--init", "--network", host.NetworkMode!, "--entrypoint", request.Entrypoint![0], request.Image, .. request.Cmd!,
        ];
    }

    /// <summary>A sandbox, made by us.</summary>
    public Task<Sandbox> CreateAsync(CancellationToken cancellationToken) => Manager.CreateAsync(SandboxOptions, OperationObserver.None, cancellationToken);

    /// <summary>Removes a sandbox, by us.</summary>
    public Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken) => Manager.RemoveAsync(sandbox, OperationObserver.None, cancellationToken);

    /// <summary>Runs the Docker CLI.</summary>
    public Task<string> DockerAsync(CancellationToken cancellationToken, params string[] arguments) => Tool.RunAsync(Docker, arguments, cancellationToken);

    /// <summary>Writes what is still in memory to the disk, so that nobody pays for what somebody else has written.</summary>
    public static Task SyncAsync(CancellationToken cancellationToken) => Tool.RunAsync("sync", [], cancellationToken);

    /// <summary>Removes everything that was made, also what was made half.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            while (await RemoveMarkedAsync() > 0)
                await Task.Delay(LateArrival);
        }
        catch (Exception exception) when (exception is DockerException or DockerUnreachableException)
        {
            // Where the engine could not be reached in the first place, that has been said, and nothing was made.
            if (_isPrepared)
                await Console.Error.WriteLineAsync($"error: not everything could be removed: {exception.Message} './build.sh clean' does it later.");
        }

        Directory.Delete(Folder, recursive: true);
        Raw.Dispose();
        Client.Dispose();
        Manager.Dispose();
    }

    private async Task<int> RemoveMarkedAsync()
    {
        var filters = new DockerFilters().Add("label", $"flourisha.owner={_settings.Owner}");
        var containers = await Client.Containers.ListAsync(all: true, filters, CancellationToken.None);
        foreach (var container in containers)
        {
            try
            {
                await Client.Containers.RemoveAsync(container.Id, force: true, removeVolumes: true, CancellationToken.None);
            }
            catch (DockerException exception) when (exception.IsNotFound || exception.IsConflict)
            {
                continue; // an interrupted removal that still goes on
            }
        }

        // What says who claimed them.
        foreach (var volume in await Client.Volumes.ListAsync(filters, CancellationToken.None))
            await Client.Volumes.RemoveAsync(volume.Name, force: true, CancellationToken.None);

        return containers.Count;
    }

    private static string Text(long? number) => number!.Value.ToString(CultureInfo.InvariantCulture);

    private static IEnumerable<string> Each<T>(string option, IEnumerable<T>? values, Func<T, string> text) =>
        (values ?? []).SelectMany(value => (string[])[option, text(value)]);

    private string NextName() => $"bench-{_mark[..8]}-{Interlocked.Increment(ref _names)}";

    // The repository is where the solution is.
    private static string? StagedFile(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FlourishaSandbox.sln")))
                return Path.Combine(folder.FullName, "output", path) is var staged && Path.Exists(staged) ? staged : null;
        }

        return null;
    }
}
