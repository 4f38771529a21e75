using FlourishaSandbox.Configuration;

namespace FlourishaSandbox.Scheduling;

/// <summary>The variables that something is written down with that runs later, without the user's own environment.</summary>
internal static class ScheduleVariables
{
    // What says which engine is meant, and whose sandboxes. None of them is a secret.
    private static readonly string[] s_cleanup =
    [
        "DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "DOCKER_TLS_VERIFY", "DOCKER_CERT_PATH", "FLOURISHA_OWNER", "FLOURISHA_AGENT", "FLOURISHA_AUDIT", "XDG_DATA_HOME",
    ];

    // What waits must be what New-Sandbox would make, and every setting has a say in that. A password in one of them is refused where it is read.
    private static readonly string[] s_pool =
    [
        .. s_cleanup, "XDG_CONFIG_HOME", ConfigurationFiles.UserVariable, ConfigurationFiles.MachineVariable, .. ConfigurationKeys.All.SelectMany(key => key.Variables),
    ];

    /// <summary>Those that a clean-up needs, as they are now.</summary>
    public static IReadOnlyDictionary<string, string> OfCleanup() => Read(s_cleanup);

    /// <summary>Those that serving pools needs, as they are now.</summary>
    public static IReadOnlyDictionary<string, string> OfPool() => Read(s_pool);

    private static Dictionary<string, string> Read(string[] names)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value && value.AsSpan().IndexOfAny('\r', '\n') < 0)
                variables[name] = value;
        }

        // What runs by the clock may have no home of its own, and the agents' key is in there.
        if (!OperatingSystem.IsWindows())
            variables["HOME"] = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

        return variables;
    }
}
