using FlourishaSandbox.Images;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Suspending, stopping and checkpoints in memory.</summary>
internal sealed class FakeLifecycle(FakeRuntime runtime) : ISandboxLifecycle
{
    public List<SandboxCheckpoint> Checkpoints { get; } = [];

    public Task<Sandbox> SuspendAsync(Sandbox sandbox, CancellationToken cancellationToken) => DoAsync(sandbox, "suspend", SandboxState.Suspended, cancellationToken);

    public Task<Sandbox> ResumeAsync(Sandbox sandbox, TimeSpan? timeout, TimeSpan fallback, CancellationToken cancellationToken) =>
        DoAsync(sandbox, $"resume for {timeout ?? fallback}", SandboxState.Running, cancellationToken);

    public Task<Sandbox> StopAsync(Sandbox sandbox, TimeSpan grace, CancellationToken cancellationToken) => DoAsync(sandbox, $"stop in {grace}", SandboxState.Stopped, cancellationToken);

    public Task<Sandbox> StartAsync(Sandbox sandbox, CancellationToken cancellationToken) => DoAsync(sandbox, "start", SandboxState.Running, cancellationToken);

    public Task<SandboxSpecification> SpecifyAsync(Sandbox sandbox, CancellationToken cancellationToken) => Task.FromResult(new SandboxSpecification
    {
        Name = sandbox.Name, Image = sandbox.Image, Owner = sandbox.Owner, CreatedAt = sandbox.CreatedAt, Limits = sandbox.Limits, Timeout = TimeSpan.FromHours(2),
        PublishAddress = "127.0.0.1", Metadata = sandbox.Metadata,
    });

    public async Task<string> CommitAsync(Sandbox sandbox, CheckpointLabel? checkpoint, OperationObserver observer, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"commit {sandbox.Name} {checkpoint?.Name ?? "to copy"}", observer, cancellationToken);
        var id = "sha256:" + new string('c', 64);
        if (checkpoint is not null)
        {
            var image = new SandboxImage { Id = id, Name = "flourisha-checkpoint:" + checkpoint.Name, Size = 5 << 20 };
            Checkpoints.RemoveAll(each => each.Name == checkpoint.Name);
            Checkpoints.Add(new SandboxCheckpoint { Name = checkpoint.Name, Source = sandbox.Name, Owner = checkpoint.Owner, CreatedAt = checkpoint.CreatedAt, Image = image, Ports = [8000] });
        }

        return id;
    }

    public Task<IReadOnlyList<SandboxCheckpoint>> ListCheckpointsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<SandboxCheckpoint>>([.. Checkpoints]);

    public async Task RemoveCheckpointAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"remove checkpoint {checkpoint.Name}", observer: null, cancellationToken);
        Checkpoints.Remove(checkpoint);
    }

    public Task ReleaseAsync(string image, CancellationToken cancellationToken) => runtime.DoAsync("release", observer: null, cancellationToken);

    private async Task<Sandbox> DoAsync(Sandbox sandbox, string what, SandboxState state, CancellationToken cancellationToken)
    {
        await runtime.DoAsync($"{what} {sandbox.Name}", observer: null, cancellationToken);
        return runtime.Replace(sandbox, state);
    }
}
