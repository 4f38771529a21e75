using System.Net;
using FlourishaSandbox.Audit;

namespace FlourishaSandbox.Sandboxes;

/// <summary>What holds for every sandbox that this user makes, read from environment variables.</summary>
public sealed record SandboxSettings
{
    /// <summary>The engine's address; null to look where the Docker CLI looks. No variable of ours: DOCKER_HOST is one already.</summary>
    public string? Endpoint { get; init; }

    /// <summary>Who makes sandboxes: FLOURISHA_OWNER, else <c>user@machine</c>.</summary>
    public string Owner { get; init; } = $"{Environment.UserName}@{Environment.MachineName}";

    /// <summary>FLOURISHA_HOST: the name by which users reach the engine's machine, in URLs. Null to take it from the engine's address.</summary>
    public string? HostName { get; init; }

    /// <summary>FLOURISHA_PUBLISH_ADDRESS: the address of the engine's machine on which ports are published. Default 127.0.0.1: nobody else's business.</summary>
    public string PublishAddress { get; init; } = IPAddress.Loopback.ToString();

    /// <summary>FLOURISHA_TEMPLATES: folders with templates of the user's own, separated as in PATH; they come before those of the product.</summary>
    public string? TemplatePath { get; init; }

    /// <summary>FLOURISHA_BASE_IMAGE: what templates build on instead of their Dockerfile's own choice.</summary>
    public string? BaseImage { get; init; }

    /// <summary>FLOURISHA_AGENT: a folder with agents, for each platform one, in place of those that came with the product; a folder without any has sandboxes made without an agent.</summary>
    public string? AgentFolder { get; init; }

    /// <summary>FLOURISHA_AUDIT: a file in which what is done to sandboxes is written down, or <c>off</c>.</summary>
    public AuditSettings Audit { get; init; } = new();

    /// <summary>FLOURISHA_POOLS: the file in which the user's pools are written down; null for his own.</summary>
    public string? PoolFile { get; init; }

    /// <summary>Reads the variables.</summary>
    /// <param name="variable">Gives a variable's value, or null; for tests. Default: this process's environment.</param>
    /// <returns>The settings.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a variable has a value that cannot be used.</exception>
    public static SandboxSettings FromEnvironment(Func<string, string?>? variable = null)
    {
        variable ??= Environment.GetEnvironmentVariable;
        string? Value(string name) => variable(name) is { Length: > 0 } value ? value : null;

        var settings = new SandboxSettings();
        if (Value("FLOURISHA_OWNER") is { } owner)
            settings = settings with { Owner = owner };

        if (Value("FLOURISHA_HOST") is { } host)
        {
            settings = Uri.CheckHostName(host) == UriHostNameType.Unknown
                ? throw InvalidOption.Create("FLOURISHA_HOST", host, "is no host name", "Give a name or an address alone, without scheme and port.")
                : settings with { HostName = host };
        }

        if (Value("FLOURISHA_PUBLISH_ADDRESS") is { } address)
        {
            settings = !IPAddress.TryParse(address, out _)
                ? throw InvalidOption.Create("FLOURISHA_PUBLISH_ADDRESS", address, "is no IP address", "Give an address of the engine's machine, for example 127.0.0.1, or 0.0.0.0 for all.")
                : settings with { PublishAddress = address };
        }

        if (Value("FLOURISHA_AUDIT") is { } audit)
        {
            settings = settings with { Audit = audit.Equals("off", StringComparison.OrdinalIgnoreCase) ? settings.Audit with { Enabled = false } : settings.Audit with { Path = audit } };
            if (settings.Audit.Path is { } file && !Path.IsPathFullyQualified(file))
                throw InvalidOption.Create("FLOURISHA_AUDIT", file, "is neither 'off' nor absolute", "Give a file's whole path, or off.");
        }

        return settings with
        {
            AgentFolder = Value("FLOURISHA_AGENT"),
            PoolFile = Value("FLOURISHA_POOLS"),
            BaseImage = Value("FLOURISHA_BASE_IMAGE"),
            TemplatePath = Value("FLOURISHA_TEMPLATES"),
        };
    }
}
