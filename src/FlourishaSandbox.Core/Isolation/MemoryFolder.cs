using System.Globalization;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>
/// A folder of a sandbox that is a file system in memory: it cannot grow beyond its size, counts against the sandbox's memory, and is
/// empty again when the sandbox has been stopped. The engine does not see what is in it; the agent does.
/// </summary>
/// <param name="Path">The folder.</param>
/// <param name="Size">Its size in bytes.</param>
/// <param name="Owner">Whom it belongs to; null for root, and then everybody may write.</param>
internal sealed record MemoryFolder(string Path, long Size, FileOwner? Owner = null)
{
    /// <summary>Where temporary files go.</summary>
    public const string Temporary = "/tmp";

    /// <summary>The least size: one that programs can still work with.</summary>
    public const long Least = 1L << 20;

    // A file takes a page or more, and its entry about a kilobyte of the kernel's memory.
    private const long BytesPerFile = 4096;
    private const long LeastFiles = 1024;

    /// <summary>As the engine takes them: programs run from there, as they do from a disk, but none gains privileges by its file.</summary>
    public string Options
    {
        get
        {
            var owner = Owner is { } user ? string.Create(CultureInfo.InvariantCulture, $"mode=0755,uid={user.UserId},gid={user.GroupId}") : "mode=1777";
            return string.Create(CultureInfo.InvariantCulture, $"rw,exec,nosuid,nodev,size={Size},nr_inodes={Math.Max(LeastFiles, Size / BytesPerFile)},{owner}");
        }
    }

    /// <summary>The folders in memory of a sandbox to be made.</summary>
    /// <param name="profile">Its profile.</param>
    /// <param name="specification">The sandbox.</param>
    /// <param name="user">Its user; null where the profile needs none.</param>
    public static IReadOnlyList<MemoryFolder> For(IsolationProfile profile, SandboxSpecification specification, ImageUser? user)
    {
        var limits = specification.Limits;
        List<MemoryFolder> folders = [];
        if (profile.TemporaryShare > 0)
            folders.Add(new MemoryFolder(Temporary, Share(limits, profile.TemporaryShare)));

        if (profile.HomeShare > 0 && user?.Home is { } home)
            folders.Add(new MemoryFolder(home, Share(limits, profile.HomeShare), user.Owner));

        if (profile.WorkspaceShare > 0 && user is not null && specification.WorkingDirectory is { } workspace)
            folders.Add(new MemoryFolder(workspace, Math.Min(limits.Disk ?? long.MaxValue, Share(limits, profile.WorkspaceShare)), user.Owner));

        // A volume of the user's own goes before; and of two for the same folder the later one counts.
        return [.. folders.Where(folder => specification.Volumes.All(volume => Normal(volume.Target) != Normal(folder.Path))).GroupBy(folder => Normal(folder.Path)).Select(same => same.Last())];
    }

    /// <summary>The folders in memory of a sandbox that there is: their paths and sizes.</summary>
    /// <param name="options">As the engine has them: options by path; null for none.</param>
    public static IReadOnlyList<MemoryFolder> Read(IReadOnlyDictionary<string, string>? options) =>
    [
        .. from folder in options ?? new Dictionary<string, string>()
           let size = folder.Value.Split(',').FirstOrDefault(option => option.StartsWith("size=", StringComparison.Ordinal))
           select new MemoryFolder(folder.Key, long.TryParse(size?["size=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : 0),
    ];

    /// <summary>Whether a path is in the folder.</summary>
    /// <param name="path">An absolute path.</param>
    public bool Holds(string path) => path.StartsWith(Normal(Path) + "/", StringComparison.Ordinal) || Normal(path) == Normal(Path);

    /// <summary>The size that a share of a sandbox's memory is.</summary>
    private static long Share(ResourceLimits limits, double share) => Math.Max(Least, (long)(limits.Memory * share));

    private static string Normal(string path) => path.TrimEnd('/');
}
