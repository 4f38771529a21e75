using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>Which TCP ports processes listen on, as the kernel has it: nobody's server is bothered by a connection that only asks.</summary>
internal static class ListeningPorts
{
    private const string ListenState = "0A";
    private const int FirstPause = 10;
    private const int LongestPause = 50;

    private static readonly string[] s_tables = ["/proc/net/tcp", "/proc/net/tcp6"];

    /// <summary>Waits until a process listens on a port.</summary>
    /// <param name="port">The port.</param>
    /// <param name="wait">How long at most.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>Whether one does by then, and on which address.</returns>
    public static async Task<PortState> WaitAsync(ushort port, TimeSpan wait, CancellationToken cancellationToken)
    {
        var end = Environment.TickCount64 + (long)wait.TotalMilliseconds;
        for (var pause = FirstPause; ; pause = Math.Min(LongestPause, 2 * pause))
        {
            if (Find(port) is { } address)
                return new PortState(true, address.ToString());

            var left = end - Environment.TickCount64;
            if (left <= 0)
                return new PortState(false, null);

            await Task.Delay((int)Math.Min(pause, left), cancellationToken);
        }
    }

    /// <summary>All that listens, each address of a port once.</summary>
    /// <returns>The sockets, in the kernel's order.</returns>
    public static IReadOnlyList<ListeningSocket> List() => [.. Lines().Select(Parse).OfType<ListeningSocket>().DistinctBy(socket => (socket.Port, socket.Address))];

    /// <summary>Reads the address on which a line of the kernel's table says that a process listens on a port.</summary>
    /// <param name="line">The line.</param>
    /// <param name="port">The port.</param>
    /// <returns>The address; null where the line says something else.</returns>
    internal static IPAddress? Parse(string line, ushort port) => Parse(line) is { } socket && socket.Port == port ? socket.Address : null;

    private static ListeningSocket? Parse(string line)
    {
        const int InodeField = 9;
        var fields = line.Split(' ', InodeField + 2, StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length < 5 || fields[3] != ListenState || fields[1].Split(':') is not [var hex, var portHex]
            || !ushort.TryParse(portHex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            || hex.Length is not (8 or 32) || !hex.All(char.IsAsciiHexDigit))
            return null;

        // Words of four bytes, each as the processor has it.
        var bytes = Convert.FromHexString(hex);
        for (var i = 0; i < bytes.Length; i += 4)
            BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(i), BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(i)));

        var address = new IPAddress(bytes);
        return new ListeningSocket(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, number, fields.Length > InodeField ? fields[InodeField] : "");
    }

    /// <summary>The address on which a process listens on a port, rather one that is reached from outside; null where none does.</summary>
    internal static IPAddress? Find(ushort port)
    {
        IPAddress? found = null;
        foreach (var line in Lines())
        {
            if (Parse(line, port) is { } address && (found is null || IPAddress.IsLoopback(found)))
                found = address;
        }

        return found;
    }

    // Without IPv6 there is no second table.
    private static IEnumerable<string> Lines() => s_tables.Where(File.Exists).SelectMany(File.ReadLines);
}
