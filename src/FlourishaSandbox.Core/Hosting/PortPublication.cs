using FlourishaSandbox.Networks;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>A port that is to be published, though its sandbox was made without it.</summary>
public sealed record PortPublication
{
    /// <summary>The TCP port inside the sandbox.</summary>
    public required int Port { get; init; }

    /// <summary>The address of the engine's machine on which it is published; the engine chooses the port there.</summary>
    public required string Address { get; init; }

    /// <summary>Where the subnet is to be that the forwarder shares with the sandbox; null for the product's own range.</summary>
    public SubnetRange? SubnetRange { get; init; }

    /// <summary>The process that asks for it; null where that is not known.</summary>
    public SandboxMaker? Maker { get; init; }
}
