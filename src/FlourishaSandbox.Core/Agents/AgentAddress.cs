using System.Net;

namespace FlourishaSandbox.Agents;

/// <summary>What the engine says about where a sandbox's agent is.</summary>
internal sealed record AgentAddress
{
    /// <summary>The agent's version.</summary>
    public required string Version { get; init; }

    /// <summary>The sandbox's creation, from which its maker's key makes the token.</summary>
    public required string Creation { get; init; }

    /// <summary>The sandbox's address in its network; null where it has none.</summary>
    public IPAddress? Ip { get; init; }

    /// <summary>The engine's own address in that network; null where there is none.</summary>
    public IPAddress? Gateway { get; init; }

    /// <summary>Where the agent's port is published on the engine's machine; null where it is not.</summary>
    public IPEndPoint? Published { get; init; }
}
