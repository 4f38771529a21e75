using System.Text.RegularExpressions;

namespace FlourishaSandbox.Core.Tests.Hosting;

/// <summary>
/// What Traefik's own reference lets be written, so far as we write it: each key with the form of its value, in our words. The source is
/// github.com/traefik/traefik at tag v3.7.9, folder docs/content/reference; the file is named with each key. What is not here is refused, so
/// that nothing is written that nobody has looked up.
/// </summary>
internal static class TraefikReference
{
    private const string Version = "v3.7.9";

    // A name of a router, service or middleware: '@' would mean another provider's. We write no more than these letters.
    private const string Name = "[a-z0-9-]+";
    private const string PointName = "[A-Za-z0-9_-]+";
    private const string Flag = "true|false";
    private const string Number = "[0-9]+";
    private const string Time = "[0-9]+(ms|s|m|h)";
    private const string Domain = @"(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*";

    // Version 3: matchers with values in backticks, in which nothing is escaped. Host takes a name, HostRegexp an expression of Go's.
    private const string Rule = @"Host\(`[a-z0-9.-]+`\)|HostRegexp\(`\^[^`]+\$`\)";

    /// <summary>Labels of a container, for the Docker provider. They are read in any case.</summary>
    private static readonly Entry[] s_labels =
    [
        new(@"traefik\.enable", Flag, "routing-configuration/other-providers/docker.md, Specific Provider Options"),
        new(@"traefik\.docker\.network", "[A-Za-z0-9][A-Za-z0-9_.-]*", "routing-configuration/other-providers/docker.md, Specific Provider Options: the name of a network that the container is on"),
        new($@"traefik\.http\.routers\.{Name}\.rule", Rule, "routing-configuration/other-providers/docker.md, Routers; forms: http/routing/rules-and-priority.md"),
        new($@"traefik\.http\.routers\.{Name}\.entrypoints", $"{PointName}(,{PointName})*", "routing-configuration/other-providers/docker.md, Routers"),
        new($@"traefik\.http\.routers\.{Name}\.service", Name, "routing-configuration/other-providers/docker.md, Routers: needed where a container has more than one"),
        new($@"traefik\.http\.routers\.{Name}\.tls", Flag, "routing-configuration/other-providers/docker.md, Routers"),
        new($@"traefik\.http\.routers\.{Name}\.tls\.certresolver", PointName, "routing-configuration/other-providers/docker.md, Routers"),
        new($@"traefik\.http\.routers\.{Name}\.tls\.domains\[[0-9]\]\.main", Domain, "routing-configuration/other-providers/docker.md, Routers"),
        new($@"traefik\.http\.routers\.{Name}\.tls\.domains\[[0-9]\]\.sans", $"{Domain}(,{Domain})*", "routing-configuration/other-providers/docker.md, Routers"),
        new($@"traefik\.http\.services\.{Name}\.loadbalancer\.server\.port", Number, "routing-configuration/other-providers/docker.md, Services"),
    ];

    /// <summary>Lines of a file for the file provider.</summary>
    private static readonly Entry[] s_dynamic =
    [
        new($@"http\.routers\.{Name}\.entryPoints\[\]", PointName, "dynamic-configuration/file.yaml"),
        new($@"http\.routers\.{Name}\.rule", Rule, "dynamic-configuration/file.yaml; forms: routing-configuration/http/routing/rules-and-priority.md"),
        new($@"http\.routers\.{Name}\.service", Name, "dynamic-configuration/file.yaml"),
        new($@"http\.routers\.{Name}\.middlewares\[\]", Name, "dynamic-configuration/file.yaml"),
        new($@"http\.routers\.{Name}\.tls", @"\{\}", "routing-configuration/http/tls/overview.md: being there is enough"),
        new($@"http\.routers\.{Name}\.tls\.certResolver", PointName, "dynamic-configuration/file.yaml"),
        new($@"http\.routers\.{Name}\.tls\.domains\[\]\.main", Domain, "dynamic-configuration/file.yaml"),
        new($@"http\.routers\.{Name}\.tls\.domains\[\]\.sans\[\]", Domain, "dynamic-configuration/file.yaml"),
        new($@"http\.services\.{Name}\.loadBalancer\.passHostHeader", Flag, "dynamic-configuration/file.yaml"),
        new($@"http\.services\.{Name}\.loadBalancer\.servers\[\]\.url", @"https?://[A-Za-z0-9.:\[\]-]+", "dynamic-configuration/file.yaml; forms: routing-configuration/http/load-balancing/service.md"),
        new($@"http\.middlewares\.{Name}\.headers\.contentTypeNosniff", Flag, "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/headers.md"),
        new($@"http\.middlewares\.{Name}\.headers\.referrerPolicy", "[a-z-]+", "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/headers.md"),
        new($@"http\.middlewares\.{Name}\.headers\.stsSeconds", Number, "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/headers.md"),
        new($@"http\.middlewares\.{Name}\.headers\.customResponseHeaders\.[A-Za-z-]+", "[a-z, ]+", "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/headers.md"),
        new($@"http\.middlewares\.{Name}\.rateLimit\.average", Number, "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/ratelimit.md"),
        new($@"http\.middlewares\.{Name}\.rateLimit\.burst", Number, "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/ratelimit.md"),
        new($@"http\.middlewares\.{Name}\.rateLimit\.period", Time, "dynamic-configuration/file.yaml; routing-configuration/http/middlewares/ratelimit.md"),
    ];

    /// <summary>Lines of traefik.yml.</summary>
    private static readonly Entry[] s_static =
    [
        new(@"global\.checkNewVersion", Flag, "static-configuration/file.yaml"),
        new(@"global\.sendAnonymousUsage", Flag, "static-configuration/file.yaml"),
        new(@"api\.dashboard", "false", "static-configuration/file.yaml; install-configuration/api-dashboard.md"),
        new(@"api\.insecure", "false", "static-configuration/file.yaml; install-configuration/api-dashboard.md"),
        new($@"entryPoints\.{PointName}\.address", ":[0-9]{1,5}", "static-configuration/file.yaml; install-configuration/entrypoints.md"),
        new($@"entryPoints\.{PointName}\.http\.redirections\.entryPoint\.to", PointName, "static-configuration/file.yaml; install-configuration/entrypoints.md: the name of another one"),
        new($@"entryPoints\.{PointName}\.http\.redirections\.entryPoint\.scheme", "https?", "static-configuration/file.yaml; install-configuration/entrypoints.md"),
        new($@"entryPoints\.{PointName}\.http\.redirections\.entryPoint\.permanent", Flag, "static-configuration/file.yaml; install-configuration/entrypoints.md"),
        new($@"entryPoints\.{PointName}\.transport\.respondingTimeouts\.readTimeout", Time, "static-configuration/file.yaml; install-configuration/entrypoints.md"),
        new(@"providers\.docker\.exposedByDefault", "false", "static-configuration/file.yaml; install-configuration/providers/docker.md"),
        new(@"providers\.file\.directory", "/[a-z/]+", "static-configuration/file.yaml; install-configuration/providers/others/file.md: instead of 'filename'"),
        new(@"providers\.file\.watch", Flag, "static-configuration/file.yaml; install-configuration/providers/others/file.md"),
        new($@"certificatesResolvers\.{PointName}\.acme\.email", "[^@ ]+@[^@ ]+", "static-configuration/file.yaml; install-configuration/tls/certificate-resolvers/acme.md: required"),
        new($@"certificatesResolvers\.{PointName}\.acme\.storage", @"/[a-z/.]+", "static-configuration/file.yaml; install-configuration/tls/certificate-resolvers/acme.md: required"),
        new($@"certificatesResolvers\.{PointName}\.acme\.dnsChallenge\.provider", "[a-z0-9-]+", "static-configuration/file.yaml; install-configuration/tls/certificate-resolvers/acme.md"),
    ];

    /// <summary>Holds a container's labels against it.</summary>
    public static void CheckLabels(IEnumerable<KeyValuePair<string, string>> labels) => Check(labels, s_labels);

    /// <summary>Holds a file for the file provider against it.</summary>
    public static void CheckDynamic(string yaml) => Check(YamlTree.Flatten(yaml), s_dynamic);

    /// <summary>Holds a traefik.yml against it.</summary>
    public static void CheckStatic(string yaml) => Check(YamlTree.Flatten(yaml), s_static);

    private static void Check(IEnumerable<KeyValuePair<string, string>> lines, Entry[] entries)
    {
        foreach (var (key, value) in lines)
        {
            var entry = entries.SingleOrDefault(one => Regex.IsMatch(key, $@"\A(?:{one.Key})\z"));
            Assert.True(entry is not null, $"'{key}' is not in what was looked up of Traefik {Version}.");
            Assert.True(Regex.IsMatch(value, $@"\A(?:{entry.Form})\z"), $"'{key}' is '{value}', which has not the form that Traefik {Version} wants ({entry.Source}).");
        }
    }

    private sealed record Entry(string Key, string Form, string Source);
}
