using FlourishaSandbox.Pools;
using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>Pools in memory: what waits is what was made; a claim takes the first that was made from the same image.</summary>
internal sealed class FakePool(FakeRuntime runtime) : ISandboxPool
{
    private readonly List<PoolMember> _members = [];
    private readonly object _lock = new();

    /// <summary>What waits.</summary>
    public IReadOnlyList<PoolMember> Members
    {
        get
        {
            lock (_lock)
                return [.. _members];
        }
    }

    public Task<string> GetKeyAsync(SandboxSpecification shape, CancellationToken cancellationToken) => Task.FromResult($"{shape.Image}-{shape.Isolation}-{shape.Limits.Memory}");

    public Task<IReadOnlyList<PoolMember>> ListAsync(CancellationToken cancellationToken) => Task.FromResult(Members);

    public Task<bool> TryMakeAsync(SandboxSpecification specification, OperationObserver observer, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_members.Exists(member => member.Sandbox.Name == specification.Name))
                return Task.FromResult(false);

            var waiting = new Sandbox { Id = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N"), Name = specification.Name, State = SandboxState.Running, Image = specification.Image, Template = specification.Template, Owner = specification.Owner, CreatedAt = specification.CreatedAt, Limits = specification.Limits, Isolation = specification.Isolation, Engine = "fake://engine" };
            _members.Add(new PoolMember(waiting, specification.Pool!, specification.PoolKey!));
        }

        runtime.Effects.Enqueue($"warm {specification.Pool}");
        return Task.FromResult(true);
    }

    public async Task<Sandbox?> ClaimAsync(SandboxSpecification shape, SandboxSpecification wanted, OperationObserver observer, CancellationToken cancellationToken)
    {
        var key = await GetKeyAsync(shape, cancellationToken);
        lock (_lock)
        {
            if (_members.Find(member => member.Key == key) is not { } member)
                return null;

            _members.Remove(member);
        }

        runtime.Effects.Enqueue($"claim {wanted.Name}");
        return runtime.Add(wanted.Name, metadata: new(wanted.Metadata));
    }

    public Task<bool> TryRenewAsync(PoolMember member, TimeSpan lifetime, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task<bool> TryRemoveAsync(PoolMember member, CancellationToken cancellationToken)
    {
        runtime.Effects.Enqueue($"cool {member.Pool}");
        lock (_lock)
            return Task.FromResult(_members.RemoveAll(one => one.Sandbox.Id == member.Sandbox.Id) > 0);
    }

    public Task<int> ForgetClaimsAsync(CancellationToken cancellationToken) => Task.FromResult(0);

    public async IAsyncEnumerable<string> WatchAsync([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }
}
