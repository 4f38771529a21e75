using FlourishaSandbox.Firewall;

namespace FlourishaSandbox.Cli.Json;

/// <summary>A rule of the firewall.</summary>
/// <param name="Family">The protocol: <c>ipv4</c> or <c>ipv6</c>.</param>
/// <param name="Chain">The chain that it is in.</param>
/// <param name="Rule">What it says, in the words of iptables.</param>
/// <param name="Purpose">What it is for.</param>
/// <param name="Present">Whether the kernel has it.</param>
internal sealed record FirewallRuleDocument(string Family, string Chain, string Rule, string Purpose, bool Present)
{
    /// <summary>The document for a rule.</summary>
    public static FirewallRuleDocument From(FirewallRule rule) => new(rule.Family == FirewallFamily.IPv4 ? "ipv4" : "ipv6", rule.Chain, rule.Rule, rule.Purpose, rule.Present);
}
