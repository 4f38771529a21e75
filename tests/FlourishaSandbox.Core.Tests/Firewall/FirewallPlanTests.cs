using System.Net;
using FlourishaSandbox.Firewall;

namespace FlourishaSandbox.Core.Tests.Firewall;

public sealed class FirewallPlanTests
{
    private static readonly FirewallHost s_host = new() { Bridges = ["flsb-+"], Resolvers = [IPAddress.Parse("192.168.1.1"), IPAddress.Parse("fd00::53")], HasUserChain = true };

    [Fact]
    public void Answers_and_name_servers_come_before_what_is_closed()
    {
        var rules = FirewallPlan.For(FirewallFamily.IPv4, s_host);
        foreach (var chain in new[] { FirewallPlan.InputChain, FirewallPlan.ForwardChain })
        {
            var inChain = rules.Where(rule => rule.Chain == chain).Select(rule => rule.Rule).ToList();
            var firstReject = inChain.FindIndex(rule => rule.Contains("REJECT", StringComparison.Ordinal));
            Assert.Contains("ESTABLISHED", inChain[0]);
            Assert.InRange(inChain.FindIndex(rule => rule == "-d 192.168.1.1/32 -p udp -m udp --dport 53 -j RETURN"), 1, firstReject - 1);
            Assert.InRange(inChain.FindIndex(rule => rule == "-d 192.168.1.1/32 -p tcp -m tcp --dport 53 -j RETURN"), 1, firstReject - 1);
            Assert.DoesNotContain(inChain, rule => rule.Contains("fd00", StringComparison.Ordinal));
        }

        Assert.Equal("-j REJECT --reject-with icmp-port-unreachable", rules.Last(rule => rule.Chain == FirewallPlan.InputChain).Rule);
        foreach (var range in new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16" })
            Assert.Contains(rules, rule => rule.Chain == FirewallPlan.ForwardChain && rule.Rule == $"-d {range} -j REJECT --reject-with icmp-port-unreachable");
    }

    [Fact]
    public void Every_bridge_leads_to_both_chains()
    {
        var rules = FirewallPlan.For(FirewallFamily.IPv4, s_host with { Bridges = ["flsb-+", "br-0123456789ab"] });
        Assert.Equal(4, rules.Count(rule => rule.Chain is "INPUT" or "DOCKER-USER"));
        Assert.Contains(rules, rule => rule is { Chain: "DOCKER-USER", Rule: "-i br-0123456789ab -j FLOURISHA-FORWARD" });
    }

    [Fact]
    public void Without_the_user_s_chain_and_for_IPv6_it_is_the_kernel_s_own()
    {
        Assert.DoesNotContain(FirewallPlan.For(FirewallFamily.IPv4, s_host with { HasUserChain = false }), rule => rule.Chain == "DOCKER-USER");
        var rules = FirewallPlan.For(FirewallFamily.IPv6, s_host);
        Assert.Contains(rules, rule => rule is { Chain: "FORWARD", Rule: "-i flsb-+ -j FLOURISHA-FORWARD" });
        Assert.Contains(rules, rule => rule.Rule == "-d fd00::53/128 -p udp -m udp --dport 53 -j RETURN");
        Assert.Contains(rules, rule => rule.Rule == "-d fc00::/7 -j REJECT --reject-with icmp6-port-unreachable");
    }

    [Fact]
    public void A_rule_is_recognised_in_whatever_order_its_parts_are_printed()
    {
        var rules = FirewallPlan.For(FirewallFamily.IPv4, s_host);
        var compared = FirewallPlan.Compare(rules, """
            -P INPUT ACCEPT
            -N FLOURISHA-INPUT
            -A INPUT -i flsb-+ -j FLOURISHA-INPUT
            -A FLOURISHA-INPUT -p udp -d 192.168.1.1/32 -m udp --dport 53 -j RETURN
            -A OTHER -j REJECT --reject-with icmp-port-unreachable
            """);
        Assert.Equal(["-d 192.168.1.1/32 -p udp -m udp --dport 53 -j RETURN", "-i flsb-+ -j FLOURISHA-INPUT"], compared.Where(rule => rule.Present).Select(rule => rule.Rule));
    }

    [Fact]
    public void What_was_there_of_ours_goes_in_the_same_step_and_nothing_else_does()
    {
        const string Listing = """
            -P INPUT ACCEPT
            -N DOCKER-USER
            -N FLOURISHA-INPUT
            -N FLOURISHA-OLD
            -A INPUT -i br-old -j FLOURISHA-INPUT
            -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
            -A DOCKER-USER -j RETURN
            -A FLOURISHA-INPUT -j FLOURISHA-OLD
            """;
        var install = FirewallPlan.ToInstall(FirewallPlan.For(FirewallFamily.IPv4, s_host), Listing).Split('\n');
        Assert.Equal(["-D INPUT -i br-old -j FLOURISHA-INPUT"], install.Where(line => line.StartsWith("-D", StringComparison.Ordinal)));
        Assert.Contains("-I INPUT 1 -i flsb-+ -j FLOURISHA-INPUT", install);
        Assert.Equal(("*filter", "COMMIT"), (install[0], install[^2]));

        Assert.Equal("*filter\n-D INPUT -i br-old -j FLOURISHA-INPUT\n-F FLOURISHA-INPUT\n-F FLOURISHA-OLD\n-X FLOURISHA-INPUT\n-X FLOURISHA-OLD\nCOMMIT\n", FirewallPlan.ToRemove(Listing));
        Assert.Null(FirewallPlan.ToRemove("-P INPUT ACCEPT\n-N DOCKER-USER\n-A DOCKER-USER -j RETURN\n"));
    }

    [Fact]
    public void Name_servers_on_loopback_are_no_container_s() =>
        Assert.Equal(["192.168.1.1", "fd00::53"], FirewallHost.ParseResolvers("# made by hand\nnameserver 127.0.0.53\nnameserver 192.168.1.1\nnameserver\tfd00::53\nnameserver fe80::1%2\nnameserver x\nsearch lan\n").Select(address => address.ToString()));
}
