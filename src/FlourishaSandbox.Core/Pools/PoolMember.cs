using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>A sandbox that waits in a pool, or was to.</summary>
/// <param name="Sandbox">What it is until it is claimed; its name is the place that it takes in the pool.</param>
/// <param name="Pool">The name of the pool that it was made for.</param>
/// <param name="Key">What it can become; see <see cref="Runtimes.ISandboxPool.GetKeyAsync"/>.</param>
public sealed record PoolMember(Sandbox Sandbox, string Pool, string Key)
{
    /// <summary>How long one that waits lives where nobody renews it, so that a pool which nobody serves any more ends by itself: 1 hour.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Whether it can be claimed, as far as the engine knows.</summary>
    public bool IsReady => Sandbox.State == SandboxState.Running;

    /// <summary>Whether it will never be ready: it ended, or whoever made it never started it.</summary>
    /// <param name="now">The time by which it is judged.</param>
    public bool IsDead(DateTimeOffset now) => Sandbox.State switch
    {
        SandboxState.Running => false,
        SandboxState.Created => now - Sandbox.CreatedAt >= Staleness.StartGrace,
        _ => true,
    };
}
