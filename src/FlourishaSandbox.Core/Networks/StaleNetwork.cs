namespace FlourishaSandbox.Networks;

/// <summary>A network of its own whose sandbox is not there, with the proxy on it where there is one.</summary>
public sealed record StaleNetwork
{
    /// <summary>The engine's id; null where only the proxy is left.</summary>
    public string? Id { get; init; }

    /// <summary>The name of the network, or of the proxy where only that is left.</summary>
    public required string Name { get; init; }

    /// <summary>The name of the sandbox that it was made for.</summary>
    public required string SandboxName { get; init; }

    /// <summary>Who made it, as <c>user@machine</c>.</summary>
    public required string Owner { get; init; }

    /// <summary>When it was made. A network comes before its sandbox: a young one may still get it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The creation that it belongs to.</summary>
    internal string Creation { get; init; } = "";

    /// <summary>Everything that its labels say.</summary>
    internal IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
