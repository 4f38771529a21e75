using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace FlourishaSandbox.Agent;

/// <summary>
/// Sends one empty packet to the gateway as soon as the agent listens. A host that looks for the sandbox while its network is only coming up
/// loses its question, and asks again after a whole second; hearing from the sandbox it need not ask any more.
/// </summary>
internal static class NetworkGreeting
{
    private const string Routes = "/proc/net/route";

    // "Discard": nobody is meant.
    private const int Port = 9;

    /// <summary>Sends it, where there is a network.</summary>
    public static void Send()
    {
        try
        {
            if (FindGateway(File.ReadLines(Routes)) is not { } gateway)
                return;

            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { Blocking = false };
            socket.SendTo(Array.Empty<byte>(), new IPEndPoint(gateway, Port));
        }
        catch (Exception exception) when (exception is SocketException or IOException or UnauthorizedAccessException)
        {
            // Without it the first connection may take a second longer.
        }
    }

    /// <summary>The address of the default route's gateway.</summary>
    /// <param name="lines">The kernel's table: name, destination, gateway and more, as hexadecimal numbers in the processor's order.</param>
    /// <returns>Null where there is no default route.</returns>
    internal static IPAddress? FindGateway(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            var fields = line.Split('\t');
            if (fields.Length > 2 && fields[1] == "00000000" && uint.TryParse(fields[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var gateway) && gateway != 0)
                return new IPAddress(BitConverter.IsLittleEndian ? gateway : BinaryPrimitives.ReverseEndianness(gateway));
        }

        return null;
    }
}
