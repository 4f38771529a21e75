namespace FlourishaSandbox.Firewall;

/// <summary>The protocol that a rule is about.</summary>
public enum FirewallFamily
{
    /// <summary>IPv4, by iptables.</summary>
    IPv4,

    /// <summary>IPv6, by ip6tables.</summary>
    IPv6,
}
