namespace FlourishaSandbox.Networks;

/// <summary>What a sandbox may reach by HTTP and HTTPS, and the image of the proxy that sees to it.</summary>
public sealed record EgressPolicy
{
    /// <summary>The image of the proxy, which is on the engine.</summary>
    public required string ProxyImage { get; init; }

    /// <summary>Hosts that may be reached, and no others; empty for all.</summary>
    public IReadOnlyList<HostPattern> Allowed { get; init; } = [];

    /// <summary>Hosts that may not be reached, whatever else is said.</summary>
    public IReadOnlyList<HostPattern> Denied { get; init; } = [];
}
