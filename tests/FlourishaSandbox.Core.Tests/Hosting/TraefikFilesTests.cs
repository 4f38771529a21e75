using System.Text.RegularExpressions;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>Files for Traefik, each line of them held against its reference.</summary>
public sealed class TraefikFilesTests
{
    private const string Domain = "sandboxes.example.com";

    private static SandboxSettings Settings(Func<TraefikSettings, TraefikSettings>? change = null) =>
        new() { Domain = Domain, Traefik = (change ?? (traefik => traefik))(new TraefikSettings { CertificateResolver = "letsencrypt" }) };

    private static string Dynamic(SandboxSettings settings, string? gateway = null) => TraefikFiles.WriteDynamic(settings, gateway is null ? null : new Uri(gateway));

    private static string Static(SandboxSettings settings) => settings.Traefik.CertificateResolver is null
        ? TraefikFiles.WriteStatic(settings, email: null, dnsProvider: null)
        : TraefikFiles.WriteStatic(settings, "admin@example.com", "cloudflare");

    private static Dictionary<string, string> Read(string yaml) =>
        YamlTree.Flatten(yaml).GroupBy(line => line.Key).ToDictionary(lines => lines.Key, lines => string.Join(' ', lines.Select(line => line.Value)));

    public static TheoryData<string?, bool, string, int?> Variants => new()
    {
        { "letsencrypt", true, "websecure", null },
        { null, true, "websecure", 8443 },
        { null, false, "web", null },
        { "A-b_9", true, "web", 80 },
        { null, false, "Entry_1", 8080 },
    };

    [Theory]
    [MemberData(nameof(Variants))]
    public void Every_line_is_one_that_Traefik_knows(string? resolver, bool tls, string entryPoint, int? port)
    {
        var settings = Settings(traefik => traefik with { CertificateResolver = resolver, Tls = tls, EntryPoint = entryPoint, Port = port });
        TraefikReference.CheckDynamic(Dynamic(settings));
        TraefikReference.CheckStatic(Static(settings));
    }

    [Fact]
    public void All_that_the_gateway_has_names_for_is_led_to_it_and_nothing_else()
    {
        var file = Read(Dynamic(Settings()));
        Assert.Equal("websecure", file["http.routers.flourisha.entryPoints[]"]);
        Assert.Equal("flourisha", file["http.routers.flourisha.service"]);
        Assert.Equal("flourisha-headers flourisha-rate", file["http.routers.flourisha.middlewares[]"]);
        Assert.Equal(("letsencrypt", Domain, "*." + Domain), (file["http.routers.flourisha.tls.certResolver"], file["http.routers.flourisha.tls.domains[].main"], file["http.routers.flourisha.tls.domains[].sans[]"]));
        Assert.Equal("http://127.0.0.1:8080", file["http.services.flourisha.loadBalancer.servers[].url"]);

        // The router's service and middlewares are there: Traefik drops a router that names others.
        Assert.Contains("http.middlewares.flourisha-headers.headers.stsSeconds", file.Keys);
        Assert.Contains("http.middlewares.flourisha-rate.rateLimit.average", file.Keys);

        var rule = new Regex(Regex.Match(file["http.routers.flourisha.rule"], "`(.*)`").Groups[1].Value);
        var named = GatewayAddress.UrlFor(Settings(), TestData.Sandbox(), 8000).Host;
        Assert.Matches(rule, named);
        Assert.Matches(rule, $"3000-my-app.{Domain}");
        foreach (var other in new[] { Domain, $"www.{Domain}", $"qa-0123456789ab.{Domain}", "8000-a.sandboxesXexample.com", $"8000-a.{Domain}.evil.example", $"x.8000-a.{Domain}", $"08000-a.{Domain}", $"8000-.{Domain}", $"8000-a-.{Domain}" })
            Assert.DoesNotMatch(rule, other);
    }

    [Fact]
    public void Names_are_below_the_proxy_s_own_name_where_the_gateway_is_told_one()
    {
        var settings = Settings() with { Gateway = new GatewaySettings { Url = new Uri("https://apps.example.org"), Address = "0.0.0.0", Port = 9000 } };
        var file = Read(Dynamic(settings));
        Assert.Contains(@"\.apps\.example\.org$", file["http.routers.flourisha.rule"], StringComparison.Ordinal);
        Assert.Equal("apps.example.org", file["http.routers.flourisha.tls.domains[].main"]);
        Assert.Equal("http://127.0.0.1:9000", file["http.services.flourisha.loadBalancer.servers[].url"]);
        Assert.Equal("http://host.docker.internal:9000", Read(Dynamic(settings, "http://host.docker.internal:9000/"))["http.services.flourisha.loadBalancer.servers[].url"]);
    }

    [Fact]
    public void Nothing_shows_the_dashboard_and_plain_HTTP_leads_to_HTTPS()
    {
        var file = Read(Static(Settings()));
        Assert.Equal(("false", "false", "false"), (file["api.dashboard"], file["api.insecure"], file["providers.docker.exposedByDefault"]));
        Assert.Equal((":443", ":80", "websecure"), (file["entryPoints.websecure.address"], file["entryPoints.web.address"], file["entryPoints.web.http.redirections.entryPoint.to"]));
        Assert.Equal("cloudflare", file["certificatesResolvers.letsencrypt.acme.dnsChallenge.provider"]);
        var plain = Read(Static(Settings(traefik => traefik with { CertificateResolver = null, Tls = false, EntryPoint = "web" })));
        Assert.Equal(["entryPoints.web.address", "entryPoints.web.transport.respondingTimeouts.readTimeout"], plain.Keys.Where(key => key.StartsWith("entryPoints", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("a.example`) || Host(`evil")]
    [InlineData("a.example'\n  evil: 'x")]
    [InlineData("a.*")]
    [InlineData("")]
    public void A_domain_cannot_say_more_than_a_name(string domain) =>
        Failure.Expect(SandboxError.InvalidOption, () => Dynamic(Settings() with { Domain = domain }));

    [Theory]
    [InlineData("x'\nevil: y", null)]
    [InlineData("a@file", null)]
    [InlineData("websecure", "le,evil")]
    [InlineData("websecure", "")]
    public void A_name_cannot_say_more_than_a_name(string entryPoint, string? resolver)
    {
        var settings = Settings(traefik => traefik with { EntryPoint = entryPoint, CertificateResolver = resolver });
        Failure.Expect(SandboxError.InvalidOption, () => Dynamic(settings));
        Failure.Expect(SandboxError.InvalidOption, () => TraefikFiles.WriteStatic(settings, "a@example.com", "cloudflare"));
    }

    [Theory]
    [InlineData("ftp://gateway")]
    [InlineData("http://gateway/path")]
    [InlineData("http://gateway/?q")]
    [InlineData("http://user:secret@gateway")]
    [InlineData("gateway:80")]
    public void A_gateway_is_named_by_a_plain_URL(string gateway) =>
        Failure.Expect(SandboxError.InvalidOption, () => TraefikFiles.WriteDynamic(Settings(), new Uri(gateway, UriKind.RelativeOrAbsolute)));

    [Theory]
    [InlineData(null, "cloudflare")]
    [InlineData("a@example.com", null)]
    [InlineData("a'b@example.com", "cloudflare")]
    [InlineData("a@example.com\nevil: x", "cloudflare")]
    [InlineData("a@example.com", "cloud flare")]
    [InlineData("a@example.com", "x'\ny: z")]
    public void What_certificates_need_is_asked_for_and_checked(string? email, string? provider) =>
        Failure.Expect(SandboxError.InvalidOption, () => TraefikFiles.WriteStatic(Settings(), email, provider));

    [Fact]
    public void Without_a_domain_it_says_how_to_set_one()
    {
        var failure = Failure.Expect(SandboxError.InvalidOption, () => Dynamic(Settings() with { Domain = null }));
        Assert.Contains("'domain'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("FLOURISHA_DOMAIN", failure.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gateway_with_a_certificate_of_its_own_is_not_reached_by_an_address()
    {
        var settings = Settings() with { Gateway = new GatewaySettings { Certificate = "/c.pem" } };
        Failure.Expect(SandboxError.InvalidOption, () => Dynamic(settings));
        TraefikReference.CheckDynamic(Dynamic(settings, "https://gateway.example.com:8443"));
    }

    [Fact]
    public void The_example_is_what_is_written()
    {
        // docs/examples/traefik: a reader copies it, so it must be what the product says today.
        var settings = Settings();
        Assert.Equal(Static(settings), Example("traefik.yml"));
        Assert.Equal(Dynamic(settings), Example("dynamic/sandboxes.yml"));
    }

    [Fact]
    public void The_example_s_containers_are_what_the_files_expect()
    {
        var compose = Read(Example("docker-compose.yml"));
        var file = Read(Example("traefik.yml"));
        Assert.Matches(@"^traefik:v3\.[0-9]+$", compose["services.traefik.image"]);
        Assert.Equal("host", compose["services.traefik.network_mode"]);
        var volumes = compose["services.traefik.volumes[]"].Split(' ');
        Assert.Contains("./traefik.yml:/etc/traefik/traefik.yml:ro", volumes);
        Assert.Contains($"./dynamic:{file["providers.file.directory"]}:ro", volumes);
        Assert.Contains("/var/run/docker.sock:/var/run/docker.sock:ro", volumes);
        Assert.Contains($"certificates:{Path.GetDirectoryName(file["certificatesResolvers.letsencrypt.acme.storage"])}", volumes);
        Assert.Contains("volumes.certificates", compose.Keys);
    }

    private static string Example(string name) => File.ReadAllText(Path.Combine(Repository.Root, "docs", "examples", "traefik", name)).ReplaceLineEndings("\n");
}
