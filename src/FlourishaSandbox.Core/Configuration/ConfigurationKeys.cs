using System.Text.Json.Nodes;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Configuration;

/// <summary>All settings that there are. The published schema says the same; a test holds them together.</summary>
internal static class ConfigurationKeys
{
    private static readonly ConfigurationForm s_name = ConfigurationForms.Text("a name");
    private static readonly ConfigurationForm s_host = ConfigurationForms.Text("a host's name or address alone, without scheme and port");
    private static readonly ConfigurationForm s_folder = ConfigurationForms.Text("a folder's whole path");
    private static readonly ConfigurationForm s_file = ConfigurationForms.Text("a file's whole path");
    private static readonly ConfigurationForm s_hosts = ConfigurationForms.Texts("names of hosts, such as example.com or *.example.com", ',');
    private static readonly ConfigurationForm s_folders = ConfigurationForms.Texts("whole paths of folders", Path.PathSeparator);

    /// <summary>The settings, in the order in which they are shown.</summary>
    public static IReadOnlyList<ConfigurationKey> All { get; } =
    [
        Default("template", "The template of a sandbox for which none is named.", s_name, ["FLOURISHA_TEMPLATE"],
            options => options.Template ?? SandboxOptions.DefaultTemplate, (options, value) => options with { Template = ConfigurationRules.Template((string)value) }),
        Default("timeout", "How long a sandbox lives.", ConfigurationForms.Span, ["FLOURISHA_TIMEOUT"],
            options => options.Timeout, (options, value) => options with { Timeout = (TimeSpan)value }),
        Default("onTimeout", "What becomes of a sandbox at its deadline.", ConfigurationForms.Choice<TimeoutAction>(), ["FLOURISHA_ON_TIMEOUT"],
            options => options.OnTimeout, (options, value) => options with { OnTimeout = (TimeoutAction)value }),
        Default("routing", "By which way a sandbox's ports are reached.", ConfigurationForms.Choice<HostRouting>(), ["FLOURISHA_ROUTING"],
            options => options.Routing, (options, value) => options with { Routing = (HostRouting)value }),
        Default("isolation", "How hard a sandbox is closed.", ConfigurationForms.Choice<IsolationLevel>(), ["FLOURISHA_ISOLATION"],
            options => options.Isolation, (options, value) => options with { Isolation = (IsolationLevel)value }),
        Default("network", "What a sandbox can reach; without it, what its isolation says.", ConfigurationForms.Choice<NetworkPolicy>(), ["FLOURISHA_NETWORK"],
            options => options.Network, (options, value) => options with { Network = (NetworkPolicy)value }),
        Default("allowHosts", "Hosts that a sandbox may reach by HTTP and HTTPS, and no others.", s_hosts, ["FLOURISHA_ALLOW_HOSTS"],
            options => NullIfEmpty(options.AllowHosts), (options, value) => options with { AllowHosts = (IReadOnlyList<string>)value }),
        Default("denyHosts", "Hosts that a sandbox may not reach.", s_hosts, ["FLOURISHA_DENY_HOSTS"],
            options => NullIfEmpty(options.DenyHosts), (options, value) => options with { DenyHosts = (IReadOnlyList<string>)value }),
        Default("runtime", "The OCI runtime, such as runsc; without it, the engine's own choice.", s_name, ["FLOURISHA_RUNTIME", ConfigurationRules.SeedRuntime],
            options => options.Runtime, (options, value) => options with { Runtime = (string)value }, ConfigurationRules.TranslateRuntime),
        Limit("memory", "A sandbox's memory.", ConfigurationForms.Size, ["FLOURISHA_MEMORY", "CONTAINER_MEMORY"],
            limits => limits.Memory, (limits, value) => limits with { Memory = (long)value }),
        Limit("cpus", "A sandbox's processors; fractions are allowed.", ConfigurationForms.Fraction, ["FLOURISHA_CPUS", "CONTAINER_CPUS"],
            limits => limits.Cpus, (limits, value) => limits with { Cpus = (double)value }),
        Limit("pids", "How many processes a sandbox may have.", ConfigurationForms.Count, ["FLOURISHA_PIDS"],
            limits => limits.PidLimit, (limits, value) => limits with { PidLimit = (int)value }),
        Limit("disk", "What a sandbox may write to its disk; 0 for no limit of its own.", ConfigurationForms.Size, ["FLOURISHA_DISK"],
            limits => limits.Disk, (limits, value) => limits with { Disk = (long)value is 0 ? null : (long)value }),
        Limit("output", "What each of a sandbox's commands may write to its output; 0 for no limit.", ConfigurationForms.Size, ["FLOURISHA_OUTPUT"],
            limits => limits.Output, (limits, value) => limits with { Output = (long)value is 0 ? null : (long)value }),
        Setting("useContainer", "False has no sandboxes made at all: there is no mode without isolation.", ConfigurationForms.Flag, ["USE_CONTAINER"],
            settings => settings.UseContainer, (settings, value) => settings with { UseContainer = (bool)value }),
        Setting("owner", "Who makes sandboxes.", s_name, ["FLOURISHA_OWNER"],
            settings => settings.Owner, (settings, value) => settings with { Owner = (string)value }),
        Setting("hostName", "The name by which users reach the engine's machine; without it, that of the engine's address.", s_host, ["FLOURISHA_HOST"],
            settings => settings.HostName, (settings, value) => settings with { HostName = ConfigurationRules.HostName((string)value) }),
        Setting("publishAddress", "The address of the engine's machine on which ports are published.", s_host, ["FLOURISHA_PUBLISH_ADDRESS"],
            settings => settings.PublishAddress, (settings, value) => settings with { PublishAddress = ConfigurationRules.PublishAddress((string)value) }),
        Setting("domain", "The domain below which each sandbox has a name of its own.", s_host, ["FLOURISHA_DOMAIN"],
            settings => settings.Domain, (settings, value) => settings with { Domain = ConfigurationRules.Domain((string)value) }),
        Setting("gateway.address", "The address of this machine that the gateway listens on.", s_host, ["FLOURISHA_GATEWAY_ADDRESS"],
            settings => settings.Gateway.Address, (settings, value) => settings with { Gateway = settings.Gateway with { Address = ConfigurationRules.GatewayAddress((string)value) } }),
        Setting("gateway.port", "The port that the gateway listens on.", ConfigurationForms.Count, ["FLOURISHA_GATEWAY_PORT"],
            settings => settings.Gateway.Port, (settings, value) => settings with { Gateway = settings.Gateway with { Port = ConfigurationRules.GatewayPort((int)value) } }),
        Setting("gateway.url", "Where users reach the gateway, where a proxy is in front of it; sandboxes' names are below its host.", ConfigurationForms.Text("a URL, such as https://sandboxes.example.com"), ["FLOURISHA_GATEWAY_URL"],
            settings => settings.Gateway.Url?.OriginalString, (settings, value) => settings with { Gateway = settings.Gateway with { Url = ConfigurationRules.GatewayUrl((string)value) } }),
        Setting("gateway.certificate", "The gateway's certificate, a file in PEM or PKCS #12; without it, plain HTTP.", s_file, ["FLOURISHA_GATEWAY_CERTIFICATE"],
            settings => settings.Gateway.Certificate, (settings, value) => settings with { Gateway = settings.Gateway with { Certificate = (string)value } }),
        Setting("gateway.certificateKey", "The certificate's key, a file in PEM, where it is not in the certificate's own.", s_file, ["FLOURISHA_GATEWAY_CERTIFICATE_KEY"],
            settings => settings.Gateway.CertificateKey, (settings, value) => settings with { Gateway = settings.Gateway with { CertificateKey = (string)value } }),
        Setting("gateway.certificatePasswordFile", "A file with the password of the certificate's key.", s_file, ["FLOURISHA_GATEWAY_CERTIFICATE_PASSWORD_FILE"],
            settings => settings.Gateway.CertificatePasswordFile, (settings, value) => settings with { Gateway = settings.Gateway with { CertificatePasswordFile = (string)value } }),
        Setting("gateway.trustedProxies", "Proxies whose word on where a request came from counts.", ConfigurationForms.Texts("addresses and networks, such as 127.0.0.1 or 10.0.0.0/8", ','), ["FLOURISHA_GATEWAY_TRUSTED_PROXIES"],
            settings => NullIfEmpty(settings.Gateway.TrustedProxies), (settings, value) => settings with { Gateway = settings.Gateway with { TrustedProxies = [.. ((IReadOnlyList<string>)value).Select(ConfigurationRules.TrustedProxy)] } }),
        Setting("traefik.entryPoint", "Traefik's entry point for sandboxes.", s_name, ["FLOURISHA_TRAEFIK_ENTRY_POINT"],
            settings => settings.Traefik.EntryPoint, (settings, value) => settings with { Traefik = settings.Traefik with { EntryPoint = ConfigurationRules.TraefikName("EntryPoint", (string)value) } }),
        Setting("traefik.certificateResolver", "Traefik's resolver of certificates.", s_name, ["FLOURISHA_TRAEFIK_CERTIFICATE_RESOLVER"],
            settings => settings.Traefik.CertificateResolver, (settings, value) => settings with { Traefik = settings.Traefik with { CertificateResolver = ConfigurationRules.TraefikName("CertificateResolver", (string)value) } }),
        Setting("traefik.tls", "Whether that entry point speaks HTTPS.", ConfigurationForms.Flag, ["FLOURISHA_TRAEFIK_TLS"],
            settings => settings.Traefik.Tls, (settings, value) => settings with { Traefik = settings.Traefik with { Tls = (bool)value } }),
        Setting("traefik.port", "The port by which that entry point is reached from outside; without it, the one that URLs need not name.", ConfigurationForms.Count, ["FLOURISHA_TRAEFIK_PORT"],
            settings => settings.Traefik.Port, (settings, value) => settings with { Traefik = settings.Traefik with { Port = ConfigurationRules.TraefikPort((int)value) } }),
        Setting("traefik.container", "Traefik's container, which is attached to sandboxes' own networks; without it, it is looked for.", s_name, ["FLOURISHA_TRAEFIK_CONTAINER"],
            settings => settings.Traefik.Container, (settings, value) => settings with { Traefik = settings.Traefik with { Container = (string)value } }),
        Setting("proxy", "The HTTP proxy that builds and sandboxes use to reach the internet.", ConfigurationForms.Text("a URL, such as http://proxy.example.com:3128"), ["FLOURISHA_PROXY"],
            settings => settings.Proxy, (settings, value) => settings with { Proxy = ConfigurationRules.Proxy((string)value) }),
        Setting("baseImage", "The image that templates build on; without it, their Dockerfile's choice.", ConfigurationForms.Text("an image as Docker writes it, such as debian:bookworm-slim"), ["FLOURISHA_BASE_IMAGE"],
            settings => settings.BaseImage, (settings, value) => settings with { BaseImage = (string)value }),
        Setting("browser.path", "The Chromium, Chrome or Edge of this machine that shows pages outside of a sandbox; without it, one is found.", s_file, ["FLOURISHA_BROWSER"],
            settings => settings.BrowserPath, (settings, value) => settings with { BrowserPath = (string)value }),
        Setting("templates", "Folders with templates, which come before those of the product.", s_folders, ["FLOURISHA_TEMPLATES"],
            settings => settings.TemplatePath?.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            (settings, value) => settings with { TemplatePath = string.Join(Path.PathSeparator, (IReadOnlyList<string>)value) }),
        Setting("agentFolder", "A folder with agents in place of the product's; one without any has sandboxes made without an agent.", s_folder, ["FLOURISHA_AGENT"],
            settings => settings.AgentFolder, (settings, value) => settings with { AgentFolder = (string)value }),
        Setting("pools", "Pools of sandboxes that wait: what they are made from, and how many.", ConfigurationForms.Objects("a list of pools in JSON, such as [{ \"template\": \"minimal\", \"size\": 3 }]"), [],
            settings => settings.Pools.Count == 0 ? null : settings.Pools, (settings, value) => settings with { Pools = ConfigurationRules.Pools((IReadOnlyList<JsonObject>)value) }),
        Setting("poolFile", "A file whose 'pools' count instead.", s_file, ["FLOURISHA_POOLS"],
            settings => settings.PoolFile, (settings, value) => settings with { PoolFile = (string)value }),
        Setting("subnetRange", "The addresses that networks of single sandboxes are cut from.", ConfigurationForms.Text("a network with its prefix, such as 10.213.0.0/16"), ["FLOURISHA_SUBNET_RANGE"],
            settings => settings.SubnetRange, (settings, value) => settings with { SubnetRange = ConfigurationRules.SubnetRange((string)value) }),
        Setting("audit.enabled", "Whether it is written down what is done to sandboxes.", ConfigurationForms.Flag, [ConfigurationRules.AuditVariable],
            settings => settings.Audit.Enabled, (settings, value) => settings with { Audit = settings.Audit with { Enabled = (bool)value } }, ConfigurationRules.TranslateAuditSwitch),
        Setting("audit.path", "The file in which it is written down.", ConfigurationForms.Text("a file's whole path"), [ConfigurationRules.AuditVariable],
            settings => settings.Audit.Path, (settings, value) => settings with { Audit = settings.Audit with { Path = (string)value } }, ConfigurationRules.TranslateAuditPath),
        Setting("audit.maximumSize", "How large that file may become before another one is begun.", ConfigurationForms.Size, ["FLOURISHA_AUDIT_MAXIMUM_SIZE"],
            settings => settings.Audit.MaximumSize, (settings, value) => settings with { Audit = settings.Audit with { MaximumSize = (long)value } }),
        Setting("audit.maximumFiles", "How many such files there are at most.", ConfigurationForms.Count, ["FLOURISHA_AUDIT_MAXIMUM_FILES"],
            settings => settings.Audit.MaximumFiles, (settings, value) => settings with { Audit = settings.Audit with { MaximumFiles = (int)value } }),
        Setting("audit.maskPatterns", "Regular expressions for what is secret in a command, beside those of the product.", ConfigurationForms.Texts("regular expressions", separator: null), ["FLOURISHA_AUDIT_MASK_PATTERNS"],
            settings => NullIfEmpty(settings.Audit.MaskPatterns), (settings, value) => settings with { Audit = settings.Audit with { MaskPatterns = (IReadOnlyList<string>)value } }),
    ];

    /// <summary>The setting of a name, in any case.</summary>
    /// <param name="name">The name.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is none.</exception>
    public static ConfigurationKey Get(string name) =>
        All.FirstOrDefault(key => key.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw InvalidOption.Create("Name", name, "is no setting", $"There are: {string.Join(", ", All.Select(key => key.Name))}.");

    private static ConfigurationKey Default(string name, string description, ConfigurationForm form, IReadOnlyList<string> variables, Func<SandboxOptions, object?> get, Func<SandboxOptions, object, SandboxOptions> set, Func<string, string, string?>? translate = null) =>
        Setting(name, description, form, variables, settings => get(settings.Defaults), (settings, value) => settings with { Defaults = set(settings.Defaults, value) }, translate);

    private static ConfigurationKey Limit(string name, string description, ConfigurationForm form, IReadOnlyList<string> variables, Func<ResourceLimits, object?> get, Func<ResourceLimits, object, ResourceLimits> set) =>
        Default($"limits.{name}", description, form, variables, options => get(options.Limits), (options, value) => options with { Limits = set(options.Limits, value) });

    private static ConfigurationKey Setting(string name, string description, ConfigurationForm form, IReadOnlyList<string> variables, Func<SandboxSettings, object?> get, Func<SandboxSettings, object, SandboxSettings> set, Func<string, string, string?>? translate = null) => new()
    {
        Name = name,
        Description = description,
        Form = form,
        Variables = variables,
        Get = get,
        Set = set,
        Translate = translate ?? ((_, text) => text),
        IsPath = form == s_folder || form == s_folders || form == s_file,
    };

    private static IReadOnlyList<string>? NullIfEmpty(IReadOnlyList<string> list) => list.Count == 0 ? null : list;
}
