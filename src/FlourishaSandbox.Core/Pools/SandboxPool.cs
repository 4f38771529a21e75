using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Pools;

/// <summary>A pool as it was when it was asked for.</summary>
public sealed record SandboxPool
{
    /// <summary>The pool's name: what its sandboxes are made from, and how they differ from what is usual.</summary>
    public required string Name { get; init; }

    /// <summary>The template's name; null where an image was named instead.</summary>
    public string? Template { get; init; }

    /// <summary>The image, where one was named instead of a template.</summary>
    public string? Image { get; init; }

    /// <summary>How many shall wait; 0 where nobody wants the pool any more.</summary>
    public int Size { get; init; }

    /// <summary>How many wait and can be claimed.</summary>
    public int Ready { get; init; }

    /// <summary>How many are being made.</summary>
    public int Starting { get; init; }

    /// <summary>How many are of no use any more: dead, or made from what has changed since.</summary>
    public int Outdated { get; init; }

    /// <summary>What they may use.</summary>
    public ResourceLimits Limits { get; init; } = ResourceLimits.Default;

    /// <summary>How hard they are closed.</summary>
    public IsolationLevel Isolation { get; init; }

    /// <summary>What they can reach.</summary>
    public NetworkPolicy Network { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Owner { get; init; }

    /// <summary>The engine that it is on, as an address.</summary>
    public required string Engine { get; init; }

    /// <summary>Its sandboxes, oldest first; also those that are of no use any more.</summary>
    public IReadOnlyList<PoolMember> Members { get; init; } = [];

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
