namespace FlourishaSandbox.Firewall;

/// <summary>One rule of the host's firewall for traffic from sandboxes.</summary>
public sealed record FirewallRule
{
    /// <summary>The protocol.</summary>
    public required FirewallFamily Family { get; init; }

    /// <summary>The chain that it is in, such as <c>FLOURISHA-INPUT</c>.</summary>
    public required string Chain { get; init; }

    /// <summary>What it says, in the words of iptables.</summary>
    public required string Rule { get; init; }

    /// <summary>What it is for.</summary>
    public required string Purpose { get; init; }

    /// <summary>Whether the kernel has it; false where nobody looked.</summary>
    public bool Present { get; init; }

    /// <summary>The rule as a command.</summary>
    /// <returns>For example <c>iptables -A FLOURISHA-INPUT -j REJECT</c>.</returns>
    public override string ToString() => $"{(Family == FirewallFamily.IPv4 ? "iptables" : "ip6tables")} {(FirewallPlan.IsOurs(Chain) ? "-A" : "-I")} {Chain} {Rule}";
}
