using System.Globalization;
using System.Net;

namespace FlourishaSandbox.Networks;

/// <summary>
/// Where this machine's packets go. An engine compares a new subnet with its own networks, not with what else its machine reaches: a VPN's
/// addresses would vanish behind a sandbox's.
/// </summary>
internal static class HostRoutes
{
    private const string KernelTable = "/proc/net/route";
    private const int DestinationColumn = 1;
    private const int MaskColumn = 7;

    /// <summary>The destinations that have a route of their own; empty where this machine does not say.</summary>
    public static IReadOnlyList<IPNetwork> Read()
    {
        try
        {
            return File.Exists(KernelTable) ? Parse(File.ReadAllText(KernelTable)) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return []; // a precaution; the engine's own check remains
        }
    }

    /// <summary>Reads the kernel's table, whose numbers are in the machine's byte order.</summary>
    public static IReadOnlyList<IPNetwork> Parse(string table)
    {
        var routes = new List<IPNetwork>();
        foreach (var line in table.Split('\n').Skip(1))
        {
            var columns = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (columns.Length > MaskColumn
                && uint.TryParse(columns[DestinationColumn], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var destination)
                && uint.TryParse(columns[MaskColumn], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var mask)
                && mask != 0)
                routes.Add(new IPNetwork(new IPAddress(BitConverter.GetBytes(destination)), System.Numerics.BitOperations.PopCount(mask)));
        }

        return routes;
    }
}
