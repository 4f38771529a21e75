using FlourishaSandbox.Configuration;
using FlourishaSandbox.Core.Tests.Docker;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Configuration;

/// <summary>Which value holds, where it comes from, and what is said about one that cannot be used.</summary>
public sealed class SandboxConfigurationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _variables = [];
    private readonly ConfigurationFiles _files;

    public SandboxConfigurationTests() => _files = new ConfigurationFiles(Path.Combine(_folder.Path, "user.json"), Path.Combine(_folder.Path, "machine.json"));

    public void Dispose() => _folder.Dispose();

    private SandboxConfiguration Load() => SandboxConfiguration.Load(_variables.GetValueOrDefault, _files);

    private ConfigurationEntry Entry(string name) => Assert.Single(Load().Entries, entry => entry.Name == name);

    private void User(string json) => File.WriteAllText(_files.User!, json);

    private void Machine(string json) => File.WriteAllText(_files.Machine!, json);

    [Fact]
    public void Each_source_goes_above_the_one_before_and_says_so()
    {
        Assert.Equal((2L << 30, ConfigurationSource.Default, null), Source("limits.memory"));

        Machine("""{ "limits": { "memory": "3GB", "cpus": 4 } }""");
        Assert.Equal((3L << 30, ConfigurationSource.Machine, _files.Machine), Source("limits.memory"));

        User("""{ "limits": { "memory": 536870912 } }""");
        Assert.Equal((512L << 20, ConfigurationSource.User, _files.User), Source("limits.memory"));
        Assert.Equal((4.0, ConfigurationSource.Machine, _files.Machine), Source("limits.cpus"));

        _variables["CONTAINER_MEMORY"] = "700m";
        Assert.Equal((700L << 20, ConfigurationSource.Environment, "CONTAINER_MEMORY"), Source("limits.memory"));

        _variables["FLOURISHA_MEMORY"] = "800MB";
        Assert.Equal((800L << 20, ConfigurationSource.Environment, "FLOURISHA_MEMORY"), Source("limits.memory"));
        Assert.Equal(800L << 20, Load().Settings.Defaults.Limits.Memory);

        (object?, ConfigurationSource, string?) Source(string name) => Entry(name) is var entry ? (entry.Value, entry.Source, entry.Location) : default;
    }

    [Fact]
    public void A_file_sets_everything()
    {
        User("""
            {
              "$schema": "flourisha-sandbox.schema.json",
              "template": "minimal", "timeout": "1h30m", "onTimeout": "remove", "routing": "gateway", "isolation": "strict", "network": "dedicated",
              "allowHosts": ["pypi.org", "*.pythonhosted.org"], "denyHosts": ["example.com"], "runtime": "runsc",
              "limits": { "memory": "1GB", "cpus": 0.5, "pids": 99, "disk": "5GB", "output": "64MB" },
              "useContainer": true, "owner": "me", "hostName": "box", "publishAddress": "0.0.0.0", "domain": "sandboxes.example.com",
              "gateway": { "address": "::1", "port": 9090, "url": "https://sandboxes.example.com", "certificate": "/c.pem", "certificateKey": "/k.pem", "certificatePasswordFile": "/p", "trustedProxies": ["10.0.0.0/8"] }, "traefik": { "entryPoint": "web", "certificateResolver": "le", "tls": false, "port": 8443, "container": "traefik-1" },
              "proxy": "http://proxy:3128", "baseImage": "debian:12", "browser": { "path": "/usr/bin/chromium" }, "templates": ["/a", "/b"], "agentFolder": "/agents", "pools": [{ "template": "minimal", "size": 3 }], "poolFile": "/pools.json", "subnetRange": "10.99.0.0/16",
              "audit": { "enabled": false, "path": "/var/log/a.jsonl", "maximumSize": "1MB", "maximumFiles": 9, "maskPatterns": ["[a-z]{3}"] }
            }
            """);
        var settings = Load().Settings;
        var defaults = settings.Defaults;

        Assert.Equal(("minimal", TimeSpan.FromMinutes(90), TimeoutAction.Remove, IsolationLevel.Strict, NetworkPolicy.Dedicated, "runsc"), (defaults.Template, defaults.Timeout, defaults.OnTimeout, defaults.Isolation, defaults.Network, defaults.Runtime));
        Assert.Equal(["pypi.org", "*.pythonhosted.org"], defaults.AllowHosts);
        Assert.Equal(["example.com"], defaults.DenyHosts);
        Assert.Equal(new ResourceLimits { Memory = 1L << 30, Cpus = 0.5, PidLimit = 99, Disk = 5L << 30, Output = 64L << 20 }, defaults.Limits);
        Assert.Equal(("me", "box", "0.0.0.0", "sandboxes.example.com", "http://proxy:3128"), (settings.Owner, settings.HostName, settings.PublishAddress, settings.Domain, settings.Proxy));
        Assert.Equal(("::1", 9090, new Uri("https://sandboxes.example.com"), "/c.pem", "/k.pem", "/p"), (settings.Gateway.Address, settings.Gateway.Port, settings.Gateway.Url, settings.Gateway.Certificate, settings.Gateway.CertificateKey, settings.Gateway.CertificatePasswordFile));
        Assert.Equal(["10.0.0.0/8"], settings.Gateway.TrustedProxies);
        Assert.Equal("/usr/bin/chromium", settings.BrowserPath);
        Assert.Equal(new TraefikSettings { EntryPoint = "web", CertificateResolver = "le", Tls = false, Port = 8443, Container = "traefik-1" }, settings.Traefik);
        Assert.Equal(HostRouting.Gateway, defaults.Routing);
        Assert.Equal(("debian:12", $"/a{Path.PathSeparator}/b", "/agents", "10.99.0.0/16"), (settings.BaseImage, settings.TemplatePath, settings.AgentFolder, settings.SubnetRange));
        Assert.Equal("/pools.json", settings.PoolFile);
        Assert.Equal((false, "/var/log/a.jsonl", 1L << 20, 9), (settings.Audit.Enabled, settings.Audit.Path, settings.Audit.MaximumSize, settings.Audit.MaximumFiles));
        Assert.Equal(["[a-z]{3}"], settings.Audit.MaskPatterns);
        Assert.All(Load().Entries, entry => Assert.Equal(ConfigurationSource.User, entry.Source));
    }

    [Fact]
    public void Every_value_can_be_written_as_it_was_read()
    {
        A_file_sets_everything();
        Assert.All(Load().Entries, entry => Assert.Equal(entry.Text, ConfigurationWriter.Check(entry.Name, entry.Value!).Text));
        Assert.All(Load().Entries.Where(entry => !entry.Name.EndsWith("Folder", StringComparison.Ordinal)), entry => Assert.Equal(entry.Text, ConfigurationWriter.Check(entry.Name, entry.Name == "templates" ? entry.Text.Replace(',', Path.PathSeparator) : entry.Text).Text));
    }

    [Theory]
    [InlineData("""{ "memory": "2GB" }""", "memory", "limits.memory")]
    [InlineData("""{ "limits": { "Memory": "2GB" } }""", "limits.Memory", "limits.memory")]
    [InlineData("""{ "limits": 4 }""", "limits", "memory")]
    [InlineData("""{ "limits": { "memory": true } }""", "limits.memory", "512MB")]
    [InlineData("""{ "limits": { "memory": "1KB" } }""", "limits.memory", "512MB")]
    [InlineData("""{ "limits": { "cpus": "many" } }""", "limits.cpus", "0.5")]
    [InlineData("""{ "limits": { "pids": 1.5 } }""", "limits.pids", "256")]
    [InlineData("""{ "isolation": "tight" }""", "isolation", "strict")]
    [InlineData("""{ "isolation": 1 }""", "isolation", "strict")]
    [InlineData("""{ "isolation": null }""", "isolation", "strict")]
    [InlineData("""{ "timeout": "soon" }""", "timeout", "1h30m")]
    [InlineData("""{ "allowHosts": [1] }""", "allowHosts", "example.com")]
    [InlineData("""{ "template": "../x" }""", "template", "name")]
    [InlineData("""{ "templates": ["templates"] }""", "templates", "whole")]
    [InlineData("""{ "subnetRange": "10.0.0.0" }""", "subnetRange", "prefix")]
    [InlineData("""{ "audit": { "maskPatterns": ["("] } }""", "audit.maskPatterns", ".NET")]
    [InlineData("""{ "pools": [{ "template": "minimal" }] }""", "pools", "size")]
    [InlineData("""{ "pools": [{ "size": 1, "memory": "2GB" }] }""", "pools", "limits")]
    [InlineData("""{ "pools": [{ "size": 1, "limits": { "memory": "1KB" } }] }""", "limits.memory", "512MB")]
    [InlineData("""{ "pools": [{ "size": 1, "network": "dedicated" }] }""", "pools", "Isolated")]
    [InlineData("""{ "pools": [{ "size": 1 }, { "size": 2 }] }""", "twice", "one")]
    [InlineData("""{ "owner": "a", "owner": "b" }""", "twice", "Mend")]
    [InlineData("""{ "owner": "a", // me """, "line", "without comments", true)]
    [InlineData("[]", "object", "Mend")]
    public void What_cannot_be_used_is_named_with_its_file_and_a_remedy(string json, string key, string remedy, bool inWords = false)
    {
        User(json);
        var failure = Failure.Expect(SandboxError.InvalidOption, () => Load());

        Assert.Contains(_files.User!, failure.Message, StringComparison.Ordinal);
        Assert.Contains(key, failure.Message, inWords ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
        Assert.Contains(remedy, failure.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("FLOURISHA_MEMORY", "lots")]
    [InlineData("CONTAINER_MEMORY", "1b")]
    [InlineData("CONTAINER_CPUS", "0")]
    [InlineData("CONTAINER_RUNTIME", "podman")]
    [InlineData("CONTAINER_RUNTIME", "azure")]
    [InlineData("USE_CONTAINER", "perhaps")]
    [InlineData("FLOURISHA_ISOLATION", "2")]
    [InlineData("FLOURISHA_PROXY", "proxy:3128")]
    [InlineData("FLOURISHA_SUBNET_RANGE", "fd00::/16")]
    [InlineData("FLOURISHA_DOMAIN", "a b")]
    [InlineData("FLOURISHA_AUDIT", "audit.jsonl")]
    public void A_variable_that_cannot_be_used_is_named(string name, string value)
    {
        _variables[name] = value;
        Assert.StartsWith(name, Failure.Expect(SandboxError.InvalidOption, () => Load()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_proxy_s_password_is_refused_and_not_shown()
    {
        _variables["FLOURISHA_PROXY"] = "http://me:topsecret@proxy:3128";
        var failure = Failure.Expect(SandboxError.InvalidOption, () => Load());

        Assert.DoesNotContain("topsecret", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("topsecret", failure.Target?.ToString() ?? "", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("docker", null)]
    [InlineData("runsc", "runsc")]
    public void An_engine_s_name_is_no_runtime(string value, string? expected)
    {
        _variables["CONTAINER_RUNTIME"] = value;
        Assert.Equal(expected, Load().Settings.Defaults.Runtime);
    }

    [Theory]
    [InlineData("off", false, null)]
    [InlineData("on", true, null)]
    [InlineData("/var/log/a.jsonl", true, "/var/log/a.jsonl")]
    public void One_variable_turns_the_audit_off_or_says_where_it_is(string value, bool enabled, string? path)
    {
        _variables["FLOURISHA_AUDIT"] = value;
        Assert.Equal((enabled, path), (Load().Settings.Audit.Enabled, Load().Settings.Audit.Path));
    }

    [Fact]
    public void Nothing_is_read_again_before_something_changed()
    {
        User("""{ "owner": "a" }""");
        var settings = Load().Settings;
        Assert.Same(settings, Load().Settings);

        User("""{ "owner": "bb" }""");
        Assert.Equal("bb", Load().Settings.Owner);

        _variables["FLOURISHA_OWNER"] = "c";
        Assert.Equal("c", Load().Settings.Owner);
    }

    [Fact]
    public void Two_variables_name_other_files()
    {
        var files = ConfigurationFiles.Find(name => name switch
        {
            "FLOURISHA_CONFIG" => "/a/user.json",
            "FLOURISHA_MACHINE_CONFIG" => "/a/machine.json",
            _ => null,
        });

        Assert.Equal((Path.GetFullPath("/a/user.json"), Path.GetFullPath("/a/machine.json")), (files.User, files.Machine));
        Assert.EndsWith(Path.Combine("FlourishaSandbox", "config.json"), ConfigurationFiles.Find(_ => null).User, StringComparison.Ordinal);
    }

    [Fact]
    public void The_seeds_may_ask_for_no_container_and_get_none()
    {
        _variables["USE_CONTAINER"] = "false";
        using var manager = new SandboxManager(new FakeRuntime(), Load().Settings);
        var failure = Failure.Expect(SandboxError.InvalidOption, () => manager.CreateAsync(new SandboxOptions { Image = "debian" }, OperationObserver.None, CancellationToken.None).GetAwaiter().GetResult());

        Assert.Contains("USE_CONTAINER", failure.Message, StringComparison.Ordinal);
    }
}
