using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>Where the configuration files are. They need not be there.</summary>
/// <param name="User">The user's; null where a user has no folder for such things.</param>
/// <param name="Machine">The machine's; null for none.</param>
public sealed record ConfigurationFiles(string? User, string? Machine)
{
    /// <summary>The variable that names another file in place of the user's.</summary>
    public const string UserVariable = "FLOURISHA_CONFIG";

    /// <summary>The variable that names another file in place of the machine's.</summary>
    public const string MachineVariable = "FLOURISHA_MACHINE_CONFIG";

    private static readonly Lazy<string?> s_user = new(() => Below(Environment.SpecialFolder.ApplicationData, "FlourishaSandbox"));

    private static readonly string? s_machine = OperatingSystem.IsWindows()
        ? Below(Environment.SpecialFolder.CommonApplicationData, "FlourishaSandbox")
        : "/etc/flourisha-sandbox/config.json";

    /// <summary>No files at all, for tests.</summary>
    public static ConfigurationFiles None { get; } = new(null, null);

    /// <summary>The files that count in this process now.</summary>
    public static ConfigurationFiles Current => Find(Environment.GetEnvironmentVariable);

    /// <summary>
    /// The files of this user on this machine: <c>FlourishaSandbox/config.json</c> in the folder for application data (<c>~/.config</c> on
    /// Linux), and <c>/etc/flourisha-sandbox/config.json</c>, on Windows in <c>%ProgramData%</c>; or those that two variables name.
    /// </summary>
    /// <param name="variable">Gives a variable's value, or null.</param>
    /// <returns>Their paths.</returns>
    public static ConfigurationFiles Find(Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        return new ConfigurationFiles(Named(variable(UserVariable)) ?? s_user.Value, Named(variable(MachineVariable)) ?? s_machine);
    }

    /// <summary>The file of a scope.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>Its path; null where there is none.</returns>
    public string? PathOf(ConfigurationScope scope) => scope == ConfigurationScope.Machine ? Machine : User;

    /// <summary>The file of a scope, for writing to it.</summary>
    /// <param name="scope">The scope.</param>
    /// <returns>Its path.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>: there is none.</exception>
    public string Require(ConfigurationScope scope) =>
        PathOf(scope) ?? throw new SandboxException(SandboxError.PathNotUsable, "This user has no folder for configuration.", remedy: $"Set HOME, or name a file in {(scope == ConfigurationScope.Machine ? MachineVariable : UserVariable)}.");

    private static string? Named(string? path) => string.IsNullOrEmpty(path) ? null : Path.GetFullPath(path);

    private static string? Below(Environment.SpecialFolder folder, string name)
    {
        var parent = Environment.GetFolderPath(folder, Environment.SpecialFolderOption.DoNotVerify);
        return parent.Length == 0 ? null : Path.Combine(parent, name, "config.json");
    }
}
