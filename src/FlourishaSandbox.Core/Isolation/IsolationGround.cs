using System.Net;

namespace FlourishaSandbox.Isolation;

/// <summary>Where a sandbox stands: what a test has to know that only its runtime can tell.</summary>
public sealed record IsolationGround
{
    /// <summary>Whether it has a network beside its own loopback.</summary>
    public required bool HasNetwork { get; init; }

    /// <summary>The addresses at which its host may be reached from inside; empty where there are none.</summary>
    public IReadOnlyList<IPAddress> HostAddresses { get; init; } = [];

    /// <summary>Whether its host is this machine, so that those addresses can be listened at from here.</summary>
    public required bool IsHere { get; init; }

    /// <summary>Whether firewall rules close what is the host's and private; null where that cannot be told from here.</summary>
    public bool? HasFirewall { get; init; }

    /// <summary>Paths at which something is mounted that the sandbox is meant to have.</summary>
    public IReadOnlyList<string> Mounts { get; init; } = [];
}
