using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>
/// What an isolation level means, as data. What no profile changes: no privileged containers, no devices of the host, the engine's masked
/// and read-only paths, a user without privileges, and limits of memory (without swap beside it), processes and open files.
/// </summary>
public sealed record IsolationProfile
{
    private static readonly IsolationProfile s_standard = new()
    {
        Level = IsolationLevel.Standard,
        TemporaryShare = 1.0 / 2,
    };

    private static readonly IsolationProfile s_strict = s_standard with
    {
        Level = IsolationLevel.Strict,
        HasOwnFilter = true,
        HasReadOnlyRoot = true,
        TemporaryShare = 1.0 / 8,
        HomeShare = 1.0 / 8,
        WorkspaceShare = 1.0 / 2,
        Network = NetworkPolicy.None,
        AllowsHostFolders = false,
        AllowsRoot = false,
    };

    private static readonly IsolationProfile s_relaxed = s_standard with
    {
        Level = IsolationLevel.Relaxed,
        DropsCapabilities = false,
        ForbidsNewPrivileges = false,
        TemporaryShare = 0,
    };

    private IsolationProfile()
    {
    }

    /// <summary>The level.</summary>
    public required IsolationLevel Level { get; init; }

    /// <summary>Whether all Linux capabilities are dropped, but those that a template names. Else the engine's usual ones are there for whoever becomes root.</summary>
    public bool DropsCapabilities { get; private init; } = true;

    /// <summary>Whether no program gains privileges by its file, as sudo does.</summary>
    public bool ForbidsNewPrivileges { get; private init; } = true;

    /// <summary>Whether system calls go through our own filter, an allow-list, in place of the engine's.</summary>
    public bool HasOwnFilter { get; private init; }

    /// <summary>Whether the image's files cannot be changed: writable are /tmp, the home and the workspace alone, all of them in memory.</summary>
    public bool HasReadOnlyRoot { get; private init; }

    /// <summary>The part of the sandbox's memory that /tmp may take, 0 to 1; 0 where it is on the image's disk.</summary>
    public double TemporaryShare { get; private init; }

    /// <summary>The part of the sandbox's memory that the user's home may take, 0 to 1; 0 where it is on the image's disk.</summary>
    public double HomeShare { get; private init; }

    /// <summary>The part of the sandbox's memory that the workspace may take, 0 to 1; 0 where it is on the image's disk.</summary>
    public double WorkspaceShare { get; private init; }

    /// <summary>/dev/shm of a sandbox whose template does not name its size, in bytes: 64 MiB.</summary>
    public long SharedMemory { get; private init; } = 64L << 20;

    /// <summary>What a sandbox can reach for which nothing else is asked.</summary>
    public NetworkPolicy Network { get; private init; } = NetworkPolicy.Isolated;

    /// <summary>Whether folders of the engine's machine may be mounted where the user asks for them.</summary>
    public bool AllowsHostFolders { get; private init; } = true;

    /// <summary>Whether commands may run as root where the user asks for it.</summary>
    public bool AllowsRoot { get; private init; } = true;

    /// <summary>The profile of a level.</summary>
    /// <param name="level">The level.</param>
    /// <returns>Its profile.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no such level.</exception>
    public static IsolationProfile For(IsolationLevel level) => level switch
    {
        IsolationLevel.Standard => s_standard,
        IsolationLevel.Strict => s_strict,
        IsolationLevel.Relaxed => s_relaxed,
        _ => throw InvalidOption.Create("Isolation", level, "is no level", "Give Standard, Strict or Relaxed."),
    };
}
