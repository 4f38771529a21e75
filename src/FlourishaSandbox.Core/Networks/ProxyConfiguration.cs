using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace FlourishaSandbox.Networks;

/// <summary>
/// What the two programs of a proxy are told: squid, which lets through what the lists say, and unbound, by which squid resolves. A host is
/// judged by its name and by what that resolves to, and the addresses that are closed are taken out of every answer: there is no moment
/// at which a name could mean something else.
/// </summary>
internal static class ProxyConfiguration
{
    /// <summary>The port at which the proxy listens.</summary>
    public const int Port = 3128;

    // The engine's resolver in every container on a network of ours.
    private const string EngineResolver = "127.0.0.11";

    /// <summary>squid's configuration.</summary>
    /// <param name="policy">The lists.</param>
    /// <param name="proxy">The proxy's address on the sandbox's network.</param>
    /// <param name="sandbox">The sandbox's address, the only one that is served.</param>
    /// <param name="engine">Addresses of the engine's machine.</param>
    public static string Squid(EgressPolicy policy, IPAddress proxy, IPAddress sandbox, IReadOnlyList<IPAddress> engine)
    {
        var lines = new StringBuilder();
        void Line(string text) => lines.Append(text).Append('\n');

        Line($"http_port {proxy}:{Port}");
        Line("dns_nameservers 127.0.0.1");
        Line("hosts_file none");
        Line("pid_filename none");
        Line("pinger_enable off");
        Line("cache deny all");
        Line("cache_mem 0");
        Line("access_log none");
        Line("cache_log /dev/null");
        Line("coredump_dir /run/proxy");
        Line("shutdown_lifetime 1 second");
        Line("connect_timeout 15 seconds");
        Line("via off");
        Line("forwarded_for delete");
        Line("visible_hostname flourisha-proxy");
        Line("httpd_suppress_version_string on");
        Line($"acl sandbox src {sandbox}/32");
        Line("acl web port 80 443");
        Line("acl tls port 443");

        // Squid knows the forms in which an address can be written; names are what the lists hold, so addresses get no further than here.
        Line(@"acl address dstdom_regex -n -i (^|\.)([0-9]+|0x[0-9a-f]*)\.?$ :");
        foreach (var closed in ClosedAddresses.V4.Concat(ClosedAddresses.V6).Concat(engine.Select(ToNetwork)))
            Line($"acl closed dst {closed}");

        foreach (var pattern in policy.Denied)
            Line($"acl denied dstdom_regex -n -i {ToRegex(pattern)}");

        foreach (var pattern in policy.Allowed)
            Line($"acl allowed dstdom_regex -n -i {ToRegex(pattern)}");

        Line("http_access deny !sandbox");
        Line("http_access deny !web");
        Line("http_access deny CONNECT !tls");
        Line("http_access deny address");
        if (policy.Denied.Count > 0)
            Line("http_access deny denied");

        if (policy.Allowed.Count > 0)
            Line("http_access deny !allowed");

        Line("http_access deny closed");
        Line("http_access allow sandbox");
        Line("http_access deny all");
        return lines.ToString();
    }

    /// <summary>unbound's configuration.</summary>
    /// <param name="engine">Addresses of the engine's machine.</param>
    /// <param name="upstream">Whom it asks, <c>address</c> or <c>address@port</c>; null for the engine's own resolver. For tests.</param>
    public static string Unbound(IReadOnlyList<IPAddress> engine, string? upstream = null)
    {
        var lines = new StringBuilder();
        lines.Append("""
            server:
              interface: 127.0.0.1
              access-control: 127.0.0.0/8 allow
              username: ""
              chroot: ""
              directory: "/run/proxy"
              pidfile: ""
              use-syslog: no
              logfile: ""
              do-daemonize: no
              do-ip6: no
              do-not-query-localhost: no
              module-config: "iterator"
              num-threads: 1
              msg-cache-size: 1m
              rrset-cache-size: 2m
              local-zone: "localhost." always_nxdomain

            """.ReplaceLineEndings("\n"));
        foreach (var closed in ClosedAddresses.V4.Concat(ClosedAddresses.V6).Concat(engine.Select(ToNetwork)))
            lines.Append("  private-address: ").Append(closed).Append('\n');

        return lines.Append("forward-zone:\n  name: \".\"\n  forward-addr: ").Append(upstream ?? EngineResolver).Append('\n').ToString();
    }

    private static string ToNetwork(IPAddress address) => $"{address}/{(address.AddressFamily == AddressFamily.InterNetworkV6 ? 128 : 32)}";

    private static string ToRegex(HostPattern pattern) => $"{(pattern.IsBelow ? @"^.+\." : "^")}{Regex.Escape(pattern.Name)}\\.?$";
}
