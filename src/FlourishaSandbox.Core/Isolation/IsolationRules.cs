using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Isolation;

/// <summary>What a profile refuses, before anything is made.</summary>
internal static partial class IsolationRules
{
    /// <summary>Checks options against the profile of their level.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static void Validate(SandboxOptions options)
    {
        var profile = IsolationProfile.For(options.Isolation);
        if (!profile.AllowsHostFolders && options.Volumes.FirstOrDefault(volume => volume.IsHostPath) is { } folder)
            throw InvalidOption.Create("Volume", folder, $"is a folder of the host, which -Isolation {profile.Level} does not allow", "Copy the files in with Copy-SandboxItem, use a named volume, or choose -Isolation Standard.");

        if (options.User is { } user)
            ValidateUser(profile, user);

        if (options.Runtime is { } runtime && !RuntimeForm().IsMatch(runtime))
            throw InvalidOption.Create("Runtime", runtime, "is no name of an OCI runtime", "Give one that the engine has, for example runc, runsc or kata.");
    }

    /// <summary>Checks the user, whoever chose him.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    public static void ValidateUser(IsolationProfile profile, string user)
    {
        if (!profile.AllowsRoot && user.Split(':')[0].TrimStart('0') is "" or "root")
            throw InvalidOption.Create("User", user, $"is root, which -Isolation {profile.Level} does not allow", "Name another user with -User, or choose -Isolation Standard.");
    }

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}\z")]
    private static partial Regex RuntimeForm();
}
