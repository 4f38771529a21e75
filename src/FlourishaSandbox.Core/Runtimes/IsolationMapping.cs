using FlourishaSandbox.Docker;
using FlourishaSandbox.Isolation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>What an isolation profile is in the engine's terms.</summary>
internal static class IsolationMapping
{
    /// <summary>Closes a container as its sandbox's profile says.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="hasAgent">Whether it has an agent. Without one files come and go through the engine, which does not see what is in memory, so that nothing is.</param>
    /// <param name="user">Its user as the image knows it; null where the profile needs none.</param>
    /// <param name="config">Everything else.</param>
    public static HostConfig Apply(SandboxSpecification specification, bool hasAgent, ImageUser? user, HostConfig config)
    {
        var profile = IsolationProfile.For(specification.Isolation);
        return config with
        {
            CapDrop = profile.DropsCapabilities ? ["ALL"] : null,
            CapAdd = [.. specification.Capabilities],
            SecurityOpt = SecurityOptions(profile),
            ReadonlyRootfs = profile.HasReadOnlyRoot,
            Tmpfs = hasAgent ? MemoryFolder.For(profile, specification, user).ToDictionary(folder => folder.Path, folder => folder.Options) : null,
            ShmSize = specification.SharedMemory ?? profile.SharedMemory,
            Runtime = specification.Runtime,
        };
    }

    /// <summary>The variables of a sandbox's processes.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="user">Its user as the image knows it; null where its profile needs none.</param>
    public static IReadOnlyDictionary<string, string> Environment(SandboxSpecification specification, ImageUser? user)
    {
        // Programs that want to write to their home would find one that they cannot write to, or the root.
        if (user is not { Home: null } || specification.WorkingDirectory is not { } workspace || specification.Environment.ContainsKey("HOME"))
            return specification.Environment;

        return new Dictionary<string, string>(specification.Environment) { ["HOME"] = workspace };
    }

    private static List<string> SecurityOptions(IsolationProfile profile)
    {
        List<string> options = [];
        if (profile.ForbidsNewPrivileges)
            options.Add("no-new-privileges");

        if (profile.HasOwnFilter)
            options.Add($"seccomp={SystemCallFilter.Strict}");

        return options;
    }
}
