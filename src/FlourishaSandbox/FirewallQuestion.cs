using FlourishaSandbox.Firewall;

namespace FlourishaSandbox;

/// <summary>How a change of the firewall is asked about: by the rules themselves, which is what -WhatIf is for.</summary>
internal static class FirewallQuestion
{
    /// <summary>This machine, and the rules, one a line.</summary>
    public static string Target(IReadOnlyList<FirewallRule> rules) =>
        string.Join(Environment.NewLine, [Environment.MachineName, .. rules.Select(rule => $"  {rule}")]);
}
