using System.Net;
using System.Text.Json.Nodes;
using FlourishaSandbox.Audit;
using FlourishaSandbox.Configuration;
using FlourishaSandbox.Hosting;

namespace FlourishaSandbox.Sandboxes;

/// <summary>What holds for every sandbox that this user makes, read from configuration files and environment variables.</summary>
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

    /// <summary>FLOURISHA_BROWSER: the Chromium, Chrome or Edge of this machine that shows pages outside of a sandbox; null to find one.</summary>
    public string? BrowserPath { get; init; }

    /// <summary>FLOURISHA_AGENT: a folder with agents, for each platform one, in place of those that came with the product; a folder without any has sandboxes made without an agent.</summary>
    public string? AgentFolder { get; init; }

    /// <summary>FLOURISHA_AUDIT: a file in which what is done to sandboxes is written down, or <c>off</c>.</summary>
    public AuditSettings Audit { get; init; } = new();

    /// <summary>FLOURISHA_POOLS: a file in which the user's pools are written down; null for his configuration.</summary>
    public string? PoolFile { get; init; }

    /// <summary>The pools of the configuration.</summary>
    internal IReadOnlyList<JsonObject> Pools { get; init; } = [];

    /// <summary>What a sandbox is where nobody says otherwise.</summary>
    public SandboxOptions Defaults { get; init; } = SandboxOptions.Product;

    /// <summary>USE_CONTAINER: false has no sandboxes made at all, because there is no mode without isolation. Default true.</summary>
    public bool UseContainer { get; init; } = true;

    /// <summary>FLOURISHA_DOMAIN: the domain below which each sandbox has a name of its own; null for none.</summary>
    public string? Domain { get; init; }

    /// <summary>Where the gateway is reached.</summary>
    public GatewaySettings Gateway { get; init; } = new();

    /// <summary>The Traefik that leads to sandboxes.</summary>
    public TraefikSettings Traefik { get; init; } = new();

    /// <summary>FLOURISHA_PROXY: the HTTP proxy by which builds and sandboxes reach the internet, a URL without a password; null for none.</summary>
    public string? Proxy { get; init; }

    /// <summary>FLOURISHA_SUBNET_RANGE: the IPv4 addresses that networks of single sandboxes are cut from.</summary>
    public string SubnetRange { get; init; } = Networks.SubnetRange.Default;

    /// <summary>Reads the configuration files, and the variables, which go above them: see <see cref="SandboxConfiguration"/>.</summary>
    /// <param name="variable">Gives a variable's value, or null; for tests, and then no file is read. Default: this process's environment.</param>
    /// <returns>The settings; the same object as long as nothing was changed.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a file or a variable has a value that cannot be used.</exception>
    public static SandboxSettings FromEnvironment(Func<string, string?>? variable = null) =>
        (variable is null ? SandboxConfiguration.Load() : SandboxConfiguration.Load(variable, ConfigurationFiles.None)).Settings;
}
