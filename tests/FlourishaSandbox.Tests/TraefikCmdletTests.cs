using FlourishaSandbox.Cmdlets;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Tests;

/// <summary>What is written for Traefik. What is in it is held against its reference elsewhere.</summary>
public sealed class TraefikCmdletTests : CmdletTest
{
    private void Set(string? domain, Uri? url = null)
    {
        SandboxSession.ManagerOverride!.Dispose();
        var settings = SandboxSettings.FromEnvironment(_ => null) with { Domain = domain, Gateway = new GatewaySettings { Url = url }, Traefik = new TraefikSettings { CertificateResolver = "le" } };
        SandboxSession.ManagerOverride = new SandboxManager(Runtime, settings);
    }

    [Fact]
    public void Without_a_file_it_is_text_and_says_what_is_still_to_be_set()
    {
        Set("sandboxes.example.com");
        var run = Invocation.Run(new ExportSandboxTraefikConfigurationCommand());

        Assert.Contains("HostRegexp(`", Assert.IsType<string>(Assert.Single(run.Output)), StringComparison.Ordinal);
        Assert.Contains("gateway.url to https://sandboxes.example.com", Assert.Single(run.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_replaced_only_where_that_is_said()
    {
        Set("sandboxes.example.com", new Uri("https://sandboxes.example.com"));
        var path = Path.Combine(Folder, "sandboxes.yml");
        var run = Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Path = path });
        Assert.Empty(run.Warnings);
        Assert.Equal(path, Assert.IsType<FileInfo>(Assert.Single(run.Output)).FullName);
        var written = File.ReadAllText(path);
        Assert.Contains("certResolver: 'le'", written, StringComparison.Ordinal);

        File.WriteAllText(path, "mine");
        Assert.Equal("PathNotUsable", Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Path = path }).Terminating?.FullyQualifiedErrorId);
        Assert.Equal("mine", File.ReadAllText(path));
        Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Path = path, Force = true });
        Assert.Equal(written, File.ReadAllText(path));
        Assert.Equal("PathNotFound", Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Path = Path.Combine(Folder, "no", "x.yml") }).Terminating?.FullyQualifiedErrorId);
        Assert.Equal(["sandboxes.yml", "templates"], Directory.EnumerateFileSystemEntries(Folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void What_Traefik_starts_with_has_its_certificates()
    {
        Set("sandboxes.example.com");
        var run = Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Static = true, Email = "a@example.com", DnsProvider = "cloudflare" });
        Assert.Contains("dashboard: false", Assert.IsType<string>(Assert.Single(run.Output)), StringComparison.Ordinal);
        Assert.Empty(run.Warnings);

        var failure = Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Static = true }).Terminating;
        Assert.Equal("InvalidOption", failure?.FullyQualifiedErrorId);
    }

    [Fact]
    public void Without_a_domain_nothing_is_written()
    {
        Set(domain: null);
        var failure = Invocation.Run(new ExportSandboxTraefikConfigurationCommand { Path = Path.Combine(Folder, "x.yml") }).Terminating;
        Assert.Contains("'domain'", failure!.Exception.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(Folder, "x.yml")));
    }
}
