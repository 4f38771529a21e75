using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>What a sandbox would be made from, just now.</summary>
internal interface IPoolPlanner
{
    /// <summary>What it would be made from. Its image is built or pulled where it is missing.</summary>
    Task<SandboxSpecification> EnsureAsync(SandboxOptions options, OperationObserver observer, CancellationToken cancellationToken);

    /// <summary>What it would be made from; null where its template or image is not there.</summary>
    Task<SandboxSpecification?> FindAsync(SandboxOptions options, CancellationToken cancellationToken);
}
