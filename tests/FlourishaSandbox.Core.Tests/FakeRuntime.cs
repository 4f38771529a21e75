using FlourishaSandbox.Audit;
using FlourishaSandbox.Commands;
using FlourishaSandbox.Files;
using FlourishaSandbox.Images;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests;

/// <summary>A runtime for what an engine cannot be made to show: another machine, ids that begin alike, a sandbox that lies.</summary>
internal sealed class FakeRuntime : ISandboxRuntime
{
    public string Description => "fake://engine (test)";

    public bool IsLocal { get; init; } = true;

    public string HostName { get; init; } = "localhost";

    public List<Sandbox> Sandboxes { get; } = [];

    /// <summary>What a command in the sandbox writes.</summary>
    public byte[] CommandOutput { get; set; } = [];

    /// <summary>What the sandbox sends for a path.</summary>
    public Func<string, byte[]> Archive { get; set; } = _ => [];

    /// <summary>Beginnings of ids that other containers have too.</summary>
    public Func<string, bool> IsAmbiguous { get; set; } = _ => false;

    /// <summary>How an engine finds: by the whole name, or by any beginning of an id that only one has.</summary>
    public Task<Sandbox?> FindAsync(string nameOrId, CancellationToken cancellationToken)
    {
        var named = Sandboxes.Find(sandbox => sandbox.Name == nameOrId || sandbox.Id == nameOrId);
        var begun = Sandboxes.FindAll(sandbox => sandbox.Id.StartsWith(nameOrId, StringComparison.Ordinal));
        return Task.FromResult(named ?? (begun.Count == 1 && !IsAmbiguous(nameOrId) ? begun[0] : null));
    }

    public Task<IReadOnlyList<Sandbox>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Sandbox>>(Sandboxes);

    public Task<SandboxPathInfo?> StatAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) =>
        Task.FromResult<SandboxPathInfo?>(new SandboxPathInfo(path, IsDirectory: true, Size: 0));

    public async Task<CommandExit> RunAsync(Sandbox sandbox, CommandRequest request, Stream? input, ICommandOutput output, CancellationToken cancellationToken)
    {
        await output.WriteAsync(OutputSource.Output, CommandOutput, cancellationToken);
        await output.CompleteAsync(cancellationToken);
        return new CommandExit(0, TimedOut: false);
    }

    public Task<Stream> ReadArchiveAsync(Sandbox sandbox, string path, CancellationToken cancellationToken) => Task.FromResult<Stream>(new MemoryStream(Archive(path)));

    public Task<Sandbox> CreateAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task RemoveAsync(Sandbox sandbox, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ISandboxProcesses Processes => throw new NotSupportedException();

    public ISandboxIsolation Isolation => null!; // nothing here asks for it

    public ISandboxItems Items => throw new NotSupportedException();

    public ISandboxPool Pool => throw new NotSupportedException();

    public ISandboxFirewall Firewall => throw new NotSupportedException();

    public ISandboxPorts Ports => throw new NotSupportedException();

    public ISandboxNetworks Networks => throw new NotSupportedException();

    public ISandboxRemains Remains => throw new NotSupportedException();

    public ISandboxLifecycle Lifecycle => throw new NotSupportedException();

    public ISandboxLimits Limits => throw new NotSupportedException();

    public Task<string> DescribeAccessAsync(Sandbox sandbox, string? user, CancellationToken cancellationToken) => Task.FromResult("by a fake");

    public Task<(Uri Url, string Token)?> FindAgentAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult<(Uri, string)?>(null);

    public Task<Sandbox> WithDeadlineAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult(sandbox);

    public Task<Sandbox> SetTimeoutAsync(Sandbox sandbox, TimeSpan? timeout, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SandboxMetrics> MeasureAsync(Sandbox sandbox, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<int?> StartAsync(Sandbox sandbox, CommandRequest request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<FileOwner> GetOwnerAsync(Sandbox sandbox, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WriteArchiveAsync(Sandbox sandbox, string folder, Func<Stream, CancellationToken, Task> writeTar, CancellationToken cancellationToken) => throw new NotSupportedException();

    public IAsyncEnumerable<SandboxEvent> WatchEventsAsync(DateTimeOffset since, DateTimeOffset? until, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SandboxImage?> FindImageAsync(string reference, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<SandboxImage>> ListImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task PullImageAsync(string reference, OperationObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SandboxImage> BuildImageAsync(ImageBuild build, OperationObserver observer, CancellationToken cancellationToken) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
