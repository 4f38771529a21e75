using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Firewall;

/// <summary>What the rules of a machine depend on.</summary>
internal sealed record FirewallHost
{
    private static readonly string[] s_resolverFiles = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    /// <summary>The interfaces that sandboxes' packets come in by; a <c>+</c> at the end means whatever begins like this.</summary>
    public required IReadOnlyList<string> Bridges { get; init; }

    /// <summary>The name servers that containers may be told to ask, which may have private addresses.</summary>
    public required IReadOnlyList<IPAddress> Resolvers { get; init; }

    /// <summary>Whether the engine keeps a chain for its user's rules, as it does with iptables.</summary>
    public required bool HasUserChain { get; init; }

    /// <summary>The name servers that an engine passes on: those of the machine, and behind a resolver of systemd's, whom that asks.</summary>
    public static IReadOnlyList<IPAddress> ReadResolvers()
    {
        var resolvers = new List<IPAddress>();
        foreach (var file in s_resolverFiles.Where(File.Exists))
        {
            try
            {
                resolvers.AddRange(ParseResolvers(File.ReadAllText(file)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue; // the engine could not read it either
            }
        }

        return [.. resolvers.Distinct()];
    }

    /// <summary>Reads a resolver's file. Loopback addresses are left out: no container reaches those.</summary>
    public static IEnumerable<IPAddress> ParseResolvers(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words is ["nameserver", var word, ..] && IPAddress.TryParse(word, out var address) && !IPAddress.IsLoopback(address)
                && address is { AddressFamily: AddressFamily.InterNetwork } or { AddressFamily: AddressFamily.InterNetworkV6, ScopeId: 0 })
                yield return address;
        }
    }
}
