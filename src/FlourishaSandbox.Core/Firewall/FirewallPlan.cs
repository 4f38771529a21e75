using System.Net.Sockets;
using FlourishaSandbox.Networks;

namespace FlourishaSandbox.Firewall;

/// <summary>
/// The rules that close a machine and its neighbours to sandboxes, in the words of iptables as it prints them. They are in chains of our own,
/// to which packets come that enter by a sandbox's bridge: what the host itself sends, the agent's answers and published ports stay as
/// they are.
/// </summary>
internal static class FirewallPlan
{
    /// <summary>What the names of our chains begin with.</summary>
    public const string ChainPrefix = "FLOURISHA-";

    /// <summary>Packets from sandboxes to the machine itself.</summary>
    public const string InputChain = ChainPrefix + "INPUT";

    /// <summary>Packets from sandboxes to anywhere else.</summary>
    public const string ForwardChain = ChainPrefix + "FORWARD";

    private const string Established = "-m conntrack --ctstate RELATED,ESTABLISHED -j RETURN";

    // A refusal that is told costs programs no time-out.
    private const string RejectV4 = "-j REJECT --reject-with icmp-port-unreachable";
    private const string RejectV6 = "-j REJECT --reject-with icmp6-port-unreachable";

    // Only what routers pass on; the forms in which IPv4 hides end in the kernel.
    private static readonly string[] s_privateV6 = ["fc00::/7", "fe80::/10", "64:ff9b::/96", "2002::/16"];

    /// <summary>Whether a chain is one of ours.</summary>
    public static bool IsOurs(string chain) => chain.StartsWith(ChainPrefix, StringComparison.Ordinal);

    /// <summary>The rules of one protocol, in the order in which they must be.</summary>
    public static IReadOnlyList<FirewallRule> For(FirewallFamily family, FirewallHost host)
    {
        var isV4 = family == FirewallFamily.IPv4;
        var reject = isV4 ? RejectV4 : RejectV6;
        var rules = new List<FirewallRule>();
        void Add(string chain, string rule, string purpose) => rules.Add(new FirewallRule { Family = family, Chain = chain, Rule = rule, Purpose = purpose });

        var dns = new List<string>();
        foreach (var resolver in host.Resolvers.Where(one => one.AddressFamily == (isV4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6)))
            dns.AddRange(((string[])["udp", "tcp"]).Select(protocol => $"-d {resolver}/{(isV4 ? 32 : 128)} -p {protocol} -m {protocol} --dport 53 -j RETURN"));

        Add(InputChain, Established, "answers to the host, as the agent's");
        if (!isV4)
            Add(InputChain, "-p ipv6-icmp -j RETURN", "neighbours finding each other");

        dns.ForEach(rule => Add(InputChain, rule, "the machine's name servers"));
        Add(InputChain, reject, "the host's own services");

        Add(ForwardChain, Established, "answers from published ports");
        foreach (var bridge in host.Bridges)
            Add(ForwardChain, $"-o {bridge} -j RETURN", "between sandboxes, which is the engine's to close");

        dns.ForEach(rule => Add(ForwardChain, rule, "the machine's name servers"));
        foreach (var closed in isV4 ? ClosedAddresses.V4 : s_privateV6)
            Add(ForwardChain, $"-d {closed} {reject}", closed == "169.254.0.0/16" ? "link-local, with the metadata address" : "private and reserved addresses");

        foreach (var bridge in host.Bridges)
        {
            Add("INPUT", $"-i {bridge} -j {InputChain}", "what sandboxes send to the host");
            Add(isV4 && host.HasUserChain ? "DOCKER-USER" : "FORWARD", $"-i {bridge} -j {ForwardChain}", "what sandboxes send elsewhere");
        }

        return rules;
    }

    /// <summary>The same rules, each with whether a listing has it.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="listing">What <c>iptables -S</c> printed.</param>
    public static IReadOnlyList<FirewallRule> Compare(IReadOnlyList<FirewallRule> rules, string listing)
    {
        var present = Lines(listing).Select(line => Normal(line.Chain, line.Rule)).ToHashSet(StringComparer.Ordinal);
        return [.. rules.Select(rule => rule with { Present = present.Contains(Normal(rule.Chain, rule.Rule)) })];
    }

    /// <summary>What iptables-restore is told to have exactly these rules, in one step.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="listing">What <c>iptables -S</c> printed.</param>
    public static string ToInstall(IReadOnlyList<FirewallRule> rules, string listing)
    {
        // A chain that is declared is emptied.
        var lines = new List<string> { "*filter", $":{InputChain} - [0:0]", $":{ForwardChain} - [0:0]" };
        lines.AddRange(rules.Where(rule => IsOurs(rule.Chain)).Select(rule => $"-A {rule.Chain} {rule.Rule}"));
        lines.AddRange(Jumps(listing));
        lines.AddRange(rules.Where(rule => !IsOurs(rule.Chain)).Select(rule => $"-I {rule.Chain} 1 {rule.Rule}"));
        return string.Join('\n', [.. lines, "COMMIT", ""]);
    }

    /// <summary>What iptables-restore is told to have nothing of ours, in one step; null where there is nothing.</summary>
    /// <param name="listing">What <c>iptables -S</c> printed.</param>
    public static string? ToRemove(string listing)
    {
        var chains = listing.Split('\n').Where(line => line.StartsWith("-N " + ChainPrefix, StringComparison.Ordinal)).Select(line => line[3..].Trim()).ToList();
        var jumps = Jumps(listing).ToList();
        return chains.Count + jumps.Count == 0
            ? null
            : string.Join('\n', ["*filter", .. jumps, .. chains.Select(chain => $"-F {chain}"), .. chains.Select(chain => $"-X {chain}"), "COMMIT", ""]);
    }

    // Rules elsewhere that lead to our chains, as deletions.
    private static IEnumerable<string> Jumps(string listing) =>
        Lines(listing).Where(line => !IsOurs(line.Chain) && line.Rule.Split(' ').SkipWhile(word => word != "-j").Skip(1).FirstOrDefault() is { } target && IsOurs(target))
            .Select(line => $"-D {line.Chain} {line.Rule}");

    private static IEnumerable<(string Chain, string Rule)> Lines(string listing)
    {
        foreach (var line in listing.Split('\n', StringSplitOptions.TrimEntries))
        {
            if (line.Split(' ', 3) is ["-A", var chain, var rule])
                yield return (chain, rule);
        }
    }

    // Versions of iptables print the parts of a rule in different orders.
    private static string Normal(string chain, string rule) => $"{chain} {string.Join(' ', rule.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal))}";
}
