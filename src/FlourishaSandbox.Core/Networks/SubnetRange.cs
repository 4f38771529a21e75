using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Networks;

/// <summary>The addresses from which sandboxes with a network of their own get their subnets, eight addresses each.</summary>
public sealed class SubnetRange
{
    /// <summary>The range for which none is named: 10.213.0.0/16, which home and office networks hardly use.</summary>
    public const string Default = "10.213.0.0/16";

    /// <summary>The length of a subnet's prefix: eight addresses, for the engine's side, a proxy and the sandbox.</summary>
    public const int SubnetPrefix = 29;

    private const int LargestPrefix = 8;
    private const uint SubnetSize = 1u << (32 - SubnetPrefix);

    private readonly IPNetwork _range;

    private SubnetRange(IPNetwork range) => _range = range;

    /// <summary>How many subnets it holds.</summary>
    public int Count => 1 << (SubnetPrefix - _range.PrefixLength);

    /// <summary>Reads a range.</summary>
    /// <param name="option">What the value was given as, for the message.</param>
    /// <param name="text">IPv4 in CIDR form, from /8 to /29, for example <c>10.213.0.0/16</c>.</param>
    /// <returns>The range.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the text is no such range.</exception>
    public static SubnetRange Parse(string option, string text)
    {
        if (!IPNetwork.TryParse(text, out var range) || range.BaseAddress.AddressFamily != AddressFamily.InterNetwork || range.PrefixLength is < LargestPrefix or > SubnetPrefix)
            throw InvalidOption.Create(option, text, "is no range of IPv4 addresses for subnets", $"Give a first address and a prefix length from {LargestPrefix} to {SubnetPrefix}, for example {Default}.");

        return new SubnetRange(range);
    }

    /// <summary>
    /// The subnets that nothing known lies in, beginning anywhere: processes that choose at the same moment hardly choose the same one.
    /// </summary>
    /// <param name="taken">What is in use.</param>
    public IEnumerable<IPNetwork> FreeSubnets(IReadOnlyCollection<IPNetwork> taken)
    {
        ArgumentNullException.ThrowIfNull(taken);
        var first = ToNumber(_range.BaseAddress);
        var bounds = taken.Select(Bounds).ToList();
        var start = Random.Shared.Next(Count);
        for (var i = 0; i < Count; i++)
        {
            var number = first + ((uint)((start + i) % Count) * SubnetSize);
            if (!bounds.Exists(other => other.First <= number + SubnetSize - 1 && other.Last >= number))
                yield return new IPNetwork(ToAddress(number), SubnetPrefix);
        }
    }

    /// <summary>An address of a subnet by its place; 1 is the engine's own, the gateway.</summary>
    internal static IPAddress AddressIn(IPNetwork subnet, int place) => ToAddress(ToNumber(subnet.BaseAddress) + (uint)place);

    /// <summary>The first address of the subnet that an address lies in: on our networks the engine's own.</summary>
    internal static IPAddress? GatewayOf(IPAddress address, int prefixLength) =>
        address.AddressFamily == AddressFamily.InterNetwork && prefixLength is > 0 and < 31
            ? ToAddress((ToNumber(address) & (uint.MaxValue << (32 - prefixLength))) + 1)
            : null;

    /// <inheritdoc/>
    public override string ToString() => _range.ToString();

    private static (uint First, uint Last) Bounds(IPNetwork network)
    {
        var first = ToNumber(network.BaseAddress);
        return (first, network.PrefixLength == 0 ? uint.MaxValue : first | (uint)((1ul << (32 - network.PrefixLength)) - 1));
    }

    private static uint ToNumber(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
