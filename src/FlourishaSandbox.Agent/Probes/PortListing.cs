using System.Globalization;
using FlourishaSandbox.Agent.Processes;
using FlourishaSandbox.Envd.Http;

namespace FlourishaSandbox.Agent.Probes;

/// <summary>Which ports processes listen on, and which processes those are.</summary>
/// <param name="table">What clients started.</param>
/// <param name="ownPort">The agent's own port, which is nobody's business.</param>
internal sealed class PortListing(ProcessTable table, int ownPort)
{
    // Whoever opens thousands of ports or files is not worth looking through all of them.
    private const int MaximumPorts = 256;
    private const int MaximumFiles = 50_000;

    private const string SocketLink = "socket:[";

    /// <summary>Looks.</summary>
    /// <param name="port">The only port that is meant; null for all.</param>
    /// <returns>What listens, by port.</returns>
    public PortList List(ushort? port)
    {
        var sockets = ListeningPorts.List()
            .Where(socket => socket.Port != ownPort && (port is null || socket.Port == port))
            .OrderBy(socket => socket.Port).Take(MaximumPorts).ToList();
        if (sockets.Count == 0)
            return new PortList([]);

        var owners = FindOwners([.. sockets.Select(socket => socket.Inode)]);
        var snapshot = ProcessSnapshot.Take();
        var trees = table.List().Where(process => !process.Gone.IsCompleted)
            .Select(process => (process.Pid, Members: snapshot.DescendantsOf(process.SupervisorPid).Select(member => member.Pid).ToHashSet())).ToList();
        return new PortList([.. sockets.Select(socket =>
        {
            var owner = owners.TryGetValue(socket.Inode, out var pid) ? pid : (int?)null;
            return new PortListener
            {
                Port = socket.Port,
                Address = socket.Address.ToString(),
                Pid = owner,
                Name = owner is { } number ? ProcessSnapshot.Read(number)?.Name : null,
                Process = trees.Where(tree => owner is { } member && tree.Members.Contains(member)).Select(tree => (int?)tree.Pid).FirstOrDefault(),
            };
        })]);
    }

    // Whose files cannot be read, of root for instance, stays unknown.
    private static Dictionary<string, int> FindOwners(HashSet<string> inodes)
    {
        var owners = new Dictionary<string, int>(StringComparer.Ordinal);
        var files = 0;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(folder.AsSpan("/proc/".Length), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;

            foreach (var inode in SocketsOf(folder))
            {
                if (inodes.Contains(inode))
                    owners.TryAdd(inode, pid);

                if (owners.Count == inodes.Count || ++files >= MaximumFiles)
                    return owners;
            }
        }

        return owners;
    }

    private static IEnumerable<string> SocketsOf(string folder)
    {
        string[] files;
        try
        {
            files = Directory.GetFileSystemEntries(folder + "/fd");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            yield break; // another user's, or gone
        }

        foreach (var file in files)
            yield return LinkOf(file) is { } link && link.StartsWith(SocketLink, StringComparison.Ordinal) ? link[SocketLink.Length..^1] : "";
    }

    private static string? LinkOf(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // closed meanwhile
        }
    }
}
