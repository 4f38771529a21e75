namespace FlourishaSandbox.Docker;

/// <summary>What an endpoint is resolved from. A record of its own, so that a test need not touch the process.</summary>
/// <param name="Variable">Looks an environment variable up; null where it is not set.</param>
/// <param name="HomeFolder">The user's home folder.</param>
/// <param name="IsWindows">Whether the platform's default endpoint is the named pipe.</param>
internal sealed record DockerEnvironment(Func<string, string?> Variable, string HomeFolder, bool IsWindows)
{
    /// <summary>The environment of this process, read when it is asked.</summary>
    public static DockerEnvironment Current { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        OperatingSystem.IsWindows());

    /// <summary>The folder of Docker's client configuration: DOCKER_CONFIG, else <c>.docker</c> in the home folder.</summary>
    public string ConfigFolder => Value("DOCKER_CONFIG") ?? Path.Combine(HomeFolder, ".docker");

    /// <summary>A variable's value; null where it is not set or empty, which Docker does not tell apart.</summary>
    public string? Value(string name) => Variable(name) is { Length: > 0 } value ? value : null;
}
