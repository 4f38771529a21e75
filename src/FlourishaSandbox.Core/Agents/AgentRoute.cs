namespace FlourishaSandbox.Agents;

/// <summary>The ways to a sandbox's agent, best first.</summary>
internal enum AgentRouteKind
{
    /// <summary>Straight to the sandbox's own address.</summary>
    Direct,

    /// <summary>By a port that the engine publishes on this machine's loopback address.</summary>
    Published,

    /// <summary>Through an exec of the engine, which relays: for sandboxes without a network, and for engines elsewhere.</summary>
    Relay,
}

/// <summary>A way to a sandbox's agent.</summary>
/// <param name="Kind">Which way.</param>
/// <param name="Host">The address to connect to; empty for a relay.</param>
/// <param name="Port">The port to connect to.</param>
internal sealed record AgentRoute(AgentRouteKind Kind, string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Kind switch
    {
        AgentRouteKind.Direct => $"straight to the sandbox's address, {Host}:{Port}",
        AgentRouteKind.Published => $"by the published port {Host}:{Port}",
        _ => "through an exec of the Docker Engine, which relays",
    };
}
