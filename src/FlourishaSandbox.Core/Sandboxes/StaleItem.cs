using FlourishaSandbox.Runtimes;
using FlourishaSandbox.Sessions;

namespace FlourishaSandbox.Sandboxes;

/// <summary>Something that should go, and why; or that went.</summary>
public sealed record StaleItem
{
    /// <summary>What it is.</summary>
    public required StaleKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>The engine's id; for volumes and records the name.</summary>
    public required string Id { get; init; }

    /// <summary>Why: the rest of a sentence for a person, without a full stop.</summary>
    public required string Reason { get; init; }

    /// <summary>Whether it may be in use all the same, so that it is removed by force only: a sandbox that only its age speaks against, or whose agent does not say when it ends.</summary>
    public bool IsInUse { get; init; }

    /// <summary>Whether it is gone.</summary>
    public bool Removed { get; init; }

    /// <summary>The sandbox, where it is one.</summary>
    public Sandbox? Sandbox { get; init; }

    internal Remnant? Remnant { get; init; }

    internal SessionRecord? Record { get; init; }

    /// <summary>The kind and the name.</summary>
    /// <returns>For example <c>Network flourisha-x</c>.</returns>
    public override string ToString() => $"{Kind} {Name}";
}
