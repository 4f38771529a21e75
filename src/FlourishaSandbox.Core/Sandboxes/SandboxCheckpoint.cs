using FlourishaSandbox.Images;

namespace FlourishaSandbox.Sandboxes;

/// <summary>A sandbox's files as they were at one time, kept as an image under a name, to make sandboxes from.</summary>
public sealed record SandboxCheckpoint
{
    /// <summary>The name, unique on its engine.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the sandbox that it is of.</summary>
    public required string Source { get; init; }

    /// <summary>The template of that sandbox; null where it was made from an image.</summary>
    public string? Template { get; init; }

    /// <summary>Who made it, as <c>user@machine</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>When it was made, by the clock of the machine that made it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The TCP ports that its sandboxes publish.</summary>
    public IReadOnlyList<int> Ports { get; init; } = [];

    /// <summary>The image.</summary>
    public required SandboxImage Image { get; init; }

    /// <summary>Size in bytes, all layers added up; what it shares with other images is counted too.</summary>
    public long Size => Image.Size;

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
