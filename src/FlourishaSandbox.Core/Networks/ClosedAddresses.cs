using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace FlourishaSandbox.Networks;

/// <summary>Addresses that no sandbox has any business with: this machine, its neighbours, and what clouds tell about their machines.</summary>
internal static class ClosedAddresses
{
    /// <summary>IPv4: this network, private ones, the carriers' own, loopback, link-local with the metadata address, benchmarks, multicast, reserved.</summary>
    public static IReadOnlyList<string> V4 { get; } =
    [
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.168.0.0/16", "198.18.0.0/15", "224.0.0.0/4", "240.0.0.0/4",
    ];

    /// <summary>IPv6: unspecified, loopback, the forms in which IPv4 hides (mapped, NAT64, 6to4, Teredo), unique local, link-local, multicast.</summary>
    public static IReadOnlyList<string> V6 { get; } =
    [
        "::/128", "::1/128", "::ffff:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
    ];

    private static readonly List<IPNetwork> s_networks = [.. V4.Concat(V6).Select(network => IPNetwork.Parse(network))];

    /// <summary>
    /// The addresses of the engine's machine that are not closed anyway, as far as they can be known: this machine's own for an engine beside
    /// us, else what its name resolves to.
    /// </summary>
    /// <param name="isLocal">Whether the engine is on this machine.</param>
    /// <param name="hostName">Its machine's name.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    public static async Task<IReadOnlyList<IPAddress>> OfEngineAsync(bool isLocal, string hostName, CancellationToken cancellationToken)
    {
        if (!isLocal)
        {
            try
            {
                return [.. (await Dns.GetHostAddressesAsync(hostName, cancellationToken).ConfigureAwait(false)).Where(IsOpen)];
            }
            catch (SocketException)
            {
                return []; // a name that only ssh or a tunnel understands; what is private is closed all the same
            }
        }

        return
        [
            .. NetworkInterface.GetAllNetworkInterfaces().SelectMany(one => one.GetIPProperties().UnicastAddresses)
                .Select(one => one.Address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress(one.Address.GetAddressBytes()) : one.Address)
                .Distinct().Where(IsOpen),
        ];
    }

    /// <summary>Whether an address is none of the closed ones.</summary>
    public static bool IsOpen(IPAddress address) => !s_networks.Exists(network => network.Contains(address));
}
