using System.Globalization;
using System.Text;
using FlourishaSandbox.Agent.Native;

namespace FlourishaSandbox.Agent;

/// <summary>Whom the agent runs as, and with it all that it starts and writes; and how numbers and names of users and groups go together.</summary>
internal sealed class AgentUser
{
    private const string UserFile = "/etc/passwd";
    private const string GroupFile = "/etc/group";

    private AgentUser(int uid, int gid, string name, string home, IReadOnlyList<int> groups)
    {
        Uid = uid;
        Gid = gid;
        Name = name;
        Home = home;
        Groups = groups;
    }

    /// <summary>The user's number.</summary>
    public int Uid { get; }

    /// <summary>The group's number.</summary>
    public int Gid { get; }

    /// <summary>The user's name; the number where the number has no name.</summary>
    public string Name { get; }

    /// <summary>The user's home; the working directory where there is none.</summary>
    public string Home { get; }

    /// <summary>The numbers of all groups that the process is in, <see cref="Gid"/> among them.</summary>
    public IReadOnlyList<int> Groups { get; }

    /// <summary>Finds out.</summary>
    /// <param name="inheritedHome">The home that the environment names: the image's own choice, or the engine's, from the same file as here.</param>
    /// <param name="workingDirectory">The home of a user who has none.</param>
    /// <returns>The user.</returns>
    public static AgentUser Find(string? inheritedHome, string workingDirectory)
    {
        var uid = (int)LibC.GetUserId();
        var gid = (int)LibC.GetGroupId();
        string name = Text(uid), home = IsHome(inheritedHome) ? inheritedHome! : workingDirectory;
        foreach (var fields in Records(UserFile))
        {
            if (fields.Length < 6 || Number(fields[2]) != uid)
                continue;

            name = fields[0];
            if (!IsHome(inheritedHome) && IsHome(fields[5]))
                home = fields[5];

            break;
        }

        return new AgentUser(uid, gid, name, home, FindGroups(gid));
    }

    /// <summary>A user's name. The file is read anew each time: a sandbox's root may add users.</summary>
    /// <param name="uid">The number.</param>
    /// <returns>The name; the number where it has none.</returns>
    public static string UserName(int uid) => FindName(UserFile, uid);

    /// <summary>A group's name.</summary>
    /// <param name="gid">The number.</param>
    /// <returns>The name; the number where it has none.</returns>
    public static string GroupName(int gid) => FindName(GroupFile, gid);

    /// <summary>Whether a name that a client gave means this user.</summary>
    /// <param name="name">A name or a number.</param>
    /// <returns>Whether it does.</returns>
    public bool IsNamed(string name) => name == Name || name == Text(Uid);

    // A home may be named that is not there; and "/" is what is named where nothing is known.
    private static bool IsHome(string? folder) => folder is ['/', _, ..] && LibC.Access(folder, LibC.ExecuteAccess) == 0;

    private static string FindName(string file, int id)
    {
        foreach (var fields in Records(file))
        {
            if (fields.Length > 2 && Number(fields[2]) == id)
                return fields[0];
        }

        return Text(id);
    }

    private static unsafe IReadOnlyList<int> FindGroups(int gid)
    {
        var found = new SortedSet<int> { gid };
        var count = LibC.GetGroups(0, null);
        if (count > 0)
        {
            var groups = new uint[count];
            fixed (uint* first = groups)
                count = LibC.GetGroups(count, first);

            for (var i = 0; i < count; i++)
                found.Add((int)groups[i]);
        }

        return [.. found];
    }

    private static IEnumerable<string[]> Records(string file)
    {
        string[] lines;
        try
        {
            lines = File.ReadAllLines(file, Encoding.UTF8);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // An image needs no such file; its numbers have no names then.
            yield break;
        }

        foreach (var line in lines)
            yield return line.Split(':');
    }

    private static int Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
