using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What sandboxes may leave on an engine. Throws as <see cref="ISandboxRuntime"/> does.</summary>
public interface ISandboxRemains
{
    /// <summary>Everything of ours on the engine but sandboxes: what serves one, what was made for one, and agents of other versions than ours.</summary>
    Task<IReadOnlyList<Remnant>> ListAsync(CancellationToken cancellationToken);

    /// <summary>A sandbox as it is now, with its deadline as its agent says if it can be had at all, also of one that the engine has frozen; null where it is gone.</summary>
    Task<Sandbox?> ConfirmAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Removes a sandbox that was never started, with the volumes that were made with it and that nobody has used since.</summary>
    Task RemoveHalfMadeAsync(Sandbox sandbox, CancellationToken cancellationToken);

    /// <summary>Removes something. What is gone already is no error.</summary>
    /// <returns>False where it is in use.</returns>
    Task<bool> RemoveAsync(Remnant remnant, CancellationToken cancellationToken);
}

/// <summary>Something of ours on an engine that is no sandbox.</summary>
public sealed record Remnant
{
    /// <summary>What it is.</summary>
    public required StaleKind Kind { get; init; }

    /// <summary>The engine's id; for volumes and agents the name.</summary>
    public required string Id { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, by the engine's clock.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whose it is; null for nobody's in particular.</summary>
    public string? Owner { get; init; }

    /// <summary>The process that made it; null where that is not known.</summary>
    public SandboxMaker? Maker { get; init; }

    /// <summary>Whether the sandbox that it serves is there, or sandboxes use it.</summary>
    public bool IsUsed { get; init; }
}
