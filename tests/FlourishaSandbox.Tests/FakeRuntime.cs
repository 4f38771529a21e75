using System.Collections.Concurrent;
using System.Text;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Sandboxes in memory: enough of an engine to see what the cmdlets ask of one. A test can step in before each effect.</summary>
internal sealed class FakeRuntime : ISandboxRuntime
{
    private readonly List<Sandbox> _sandboxes = [];
    private readonly object _lock = new();
    private int _atOnce;

    public FakeRuntime()
    {
        Processes = new FakeProcesses(this);
        Items = new FakeItems(this);
        Pool = new FakePool(this);
        Lifecycle = new FakeLifecycle(this);
        Remains = new FakeRemains(this);
        Limits = new FakeLimits(this);
    }

    public FakeProcesses Processes { get; }

    ISandboxProcesses ISandboxRuntime.Processes => Processes;

    public FakeItems Items { get; }

    ISandboxItems ISandboxRuntime.Items => Items;

    public FakeLimits Limits { get; }

    ISandboxLimits ISandboxRuntime.Limits => Limits;

    public FakePool Pool { get; }

    ISandboxPool ISandboxRuntime.Pool => Pool;

    /// <summary>The outside of sandboxes in memory, where nothing is.</summary>
    public ISandboxIsolation Isolation => new FakeIsolation();

    public FakeFirewall Firewall { get; } = new();

    ISandboxFirewall ISandboxRuntime.Firewall => Firewall;

    public FakePorts Ports { get; } = new();

    ISandboxPorts ISandboxRuntime.Ports => Ports;

    public FakeNetworks Networks { get; } = new();

    ISandboxNetworks ISandboxRuntime.Networks => Networks;

    public FakeRemains Remains { get; }

    ISandboxRemains ISandboxRuntime.Remains => Remains;

    public FakeLifecycle Lifecycle { get; }

    ISandboxLifecycle ISandboxRuntime.Lifecycle => Lifecycle;

    public string Description => "fake://engine (test)";

    public bool IsLocal => true;

    public string HostName => "localhost";

    /// <summary>What was done, in order: "create t1", "run t1: uname" and so on.</summary>
    public ConcurrentQueue<string> Effects { get; } = [];

    /// <summary>What each sandbox was made from.</summary>
    public ConcurrentQueue<SandboxSpecification> Specifications { get; } = [];

    /// <summary>What commands read from their standard input; null where they were given none.</summary>
    public ConcurrentQueue<byte[]?> Inputs { get; } = [];

    /// <summary>The commands that were run or started.</summary>
    public ConcurrentQueue<CommandRequest> Requests { get; } = [];

    /// <summary>The most operations that were under way at once.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>Runs inside of every operation on a sandbox, before its effect.</summary>
    public Func<string, OperationObserver?, CancellationToken, Task>? Before { get; set; }

    /// <summary>Runs inside of every listing of sandboxes or images.</summary>
    public Func<CancellationToken, Task>? Listing { get; set; }

    /// <summary>What a command does.</summary>
    public Func<Sandbox, CommandRequest, ICommandOutput, CancellationToken, Task<CommandExit>>? Running { get; set; }

    /// <summary>What measurements say, in bytes.</summary>
    public long MemoryUsed { get; set; } = 12 << 20;

    /// <summary>Thrown by everything, where set: the engine is away.</summary>
    public SandboxException? Away { get; set; }

    public List<SandboxImage> Images { get; } = [new() { Id = "sha256:" + new string('a', 64), Name = "base:1" }];

    public IReadOnlyList<Sandbox> Sandboxes
    {
        get
        {
            lock (_lock)
                return [.. _sandboxes];
        }
    }

    public Sandbox Add(string name, SandboxState state = SandboxState.Running, string? owner = null, TimeSpan? age = null, TimeSpan? lifetime = null, Dictionary<string, string>? metadata = null, string? agentVersion = null)
    {
        var created = DateTimeOffset.UtcNow - (age ?? TimeSpan.Zero);
        var sandbox = new Sandbox
        {
            Id = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(name))).ToLowerInvariant(),
            Name = name,
            State = state,
            Image = "base:1",
            Owner = owner ?? SandboxSettings.FromEnvironment(_ => null).Owner,
            CreatedAt = created,
            Deadline = created + (lifetime ?? TimeSpan.FromHours(100)),
            WorkingDirectory = "/workspace",
            Metadata = metadata ?? [],
            Engine = "fake://engine",
            AgentVersion = agentVersion,
            Ports = [new SandboxPort(8000, "127.0.0.1", 40000)],
        };
        lock (_lock)
            _sandboxes.Add(sandbox);

        return sandbox;
    }

    /// <summary>Has a sandbox be in another state.</summary>
    internal Sandbox Replace(Sandbox sandbox, SandboxState state)
    {
        lock (_lock)
            _sandboxes.RemoveAll(each => each.Id == sandbox.Id);

        return Add(sandbox.Name, state, sandbox.Owner, DateTimeOffset.UtcNow - sandbox.CreatedAt, sandbox.Deadline - sandbox.CreatedAt, new(sandbox.Metadata));
    }

    public async Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        Specifications.Enqueue(specification);
        await DoAsync($"create {specification.Name}", observer, cancellationToken);
        return Add(specification.Name, metadata: new(specification.Metadata));
    }

    public async Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken)
    {
        if (Listing is not null)
            await Listing(cancellationToken);

        return Away is null ? Sandboxes : throw Away;
    }

    public Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var isId = nameOrId.Length >= 4 && Sandboxes.Count(each => each.Id.StartsWith(nameOrId, StringComparison.Ordinal)) == 1;
        return Away is null
            ? Task.FromResult(Sandboxes.FirstOrDefault(each => each.Name == nameOrId || (isId && each.Id.StartsWith(nameOrId, StringComparison.Ordinal))))
            : Task.FromException<Sandbox?>(Away);
    }

    public async Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        await DoAsync($"remove {sandbox.Name}", observer: null, cancellationToken);
        lock (_lock)
            _sandboxes.RemoveAll(each => each.Id == sandbox.Id);
    }

    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        Inputs.Enqueue(await ReadAsync(input, cancellationToken));
        await DoAsync($"run {sandbox.Name}: {request.Command}", observer: null, cancellationToken);
        var exit = Running is null ? new CommandExit(0, TimedOut: false) : await Running(sandbox, request, output, cancellationToken);
        await output.CompleteAsync(cancellationToken);
        return exit;
    }

    public Task<string> DescribeAccessAsync(Sandbox sandbox, string? user, CancellationToken cancellationToken) => Task.FromResult("by a fake");

    public Task<(Uri Url, string Token)?> FindAgentAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult<(Uri, string)?>(null);

    public async Task<int?> StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken)
    {
        Requests.Enqueue(request);
        await DoAsync($"start {sandbox.Name}: {request.Command}", observer: null, cancellationToken);
        return Processes.Add(sandbox, request.Command).Id;
    }

    public Task<Sandbox> WithDeadlineAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult(sandbox);

    public async Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        await DoAsync($"set {sandbox.Name}: {timeout?.ToString() ?? "no end"}", observer: null, cancellationToken);
        return new Sandbox { Id = sandbox.Id, Name = sandbox.Name, State = sandbox.State, Image = sandbox.Image, Owner = sandbox.Owner, CreatedAt = sandbox.CreatedAt, Engine = sandbox.Engine, Deadline = DateTimeOffset.UtcNow + timeout };
    }

    public async Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        await DoAsync($"measure {sandbox.Name}", observer: null, cancellationToken);
        return new SandboxMetrics
        {
            Sandbox = sandbox, Time = DateTimeOffset.UtcNow, CpuPercent = 12.5, CpuLimit = 2, CpuTime = TimeSpan.FromSeconds(3), MemoryUsed = MemoryUsed, MemoryLimit = 2L << 30,
            DiskUsed = 4096, Processes = 3, ProcessLimit = 256, NetworkReceived = 1536, NetworkSent = 0,
        };
    }

    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        Task.FromResult<SandboxPathInfo?>(new SandboxPathInfo(path, IsDirectory: true, Size: 0));

    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult(new FileOwner(10000, 10000));

    public async Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken)
    {
        using var tar = new MemoryStream();
        await writeTar(tar, cancellationToken);
        tar.Position = 0;
        var names = new List<string>();
        using var reader = new System.Formats.Tar.TarReader(tar);
        while (await reader.GetNextEntryAsync(cancellationToken: cancellationToken) is { } entry)
            names.Add(entry.Name);

        await DoAsync($"upload {sandbox.Name}:{folder} {string.Join(' ', names)}", observer: null, cancellationToken);
    }

    public async Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        await DoAsync($"download {sandbox.Name}:{path}", observer: null, cancellationToken);
        var tar = new MemoryStream();
        using (var writer = new System.Formats.Tar.TarWriter(tar, leaveOpen: true))
        {
            var name = SandboxPath.Name(path);
            await writer.WriteEntryAsync(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.RegularFile, name) { DataStream = new MemoryStream("hello"u8.ToArray()) }, cancellationToken);
            await writer.WriteEntryAsync(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Fifo, $"{name}/pipe"), cancellationToken);
        }

        tar.Position = 0;
        return tar;
    }

    /// <summary>What the engine tells.</summary>
    public List<SandboxEvent> Events { get; } = [];

    public IAsyncEnumerable<SandboxEvent> WatchEventsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) => Events.Where(one => one.Time >= since && (until is null || one.Time <= until)).ToAsyncEnumerable();

    public Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken) =>
        Away is null ? Task.FromResult(Images.FirstOrDefault(each => each.Name == reference)) : Task.FromException<SandboxImage?>(Away);

    public async Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken)
    {
        if (Listing is not null)
            await Listing(cancellationToken);

        return Away is null ? Images : throw Away;
    }

    public Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) =>
        throw new SandboxException(SandboxError.ImageNotFound, $"No registry gives '{reference}'.", reference);

    public async Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken)
    {
        await DoAsync($"build {build.Name}", observer, cancellationToken);
        var image = new SandboxImage { Id = "sha256:" + new string('b', 64), Name = build.Name, Template = build.Template };
        Images.Add(image);
        return image;
    }

    public void Dispose()
    {
    }

    private static async Task<byte[]?> ReadAsync(Stream? input, CancellationToken cancellationToken)
    {
        if (input is null)
            return null;

        using var read = new MemoryStream();
        await input.CopyToAsync(read, cancellationToken);
        return read.ToArray();
    }

    /// <summary>Does something that a test can step in before, and writes it down.</summary>
    internal async Task DoAsync(string what, OperationObserver? observer, CancellationToken cancellationToken)
    {
        if (Away is not null)
            throw Away;

        lock (_lock)
            MostAtOnce = Math.Max(MostAtOnce, ++_atOnce);

        try
        {
            if (Before is not null)
                await Before(what, observer, cancellationToken);

            cancellationToken.ThrowIfCancellationRequested();
            Effects.Enqueue(what);
        }
        finally
        {
            lock (_lock)
                _atOnce--;
        }
    }
}
