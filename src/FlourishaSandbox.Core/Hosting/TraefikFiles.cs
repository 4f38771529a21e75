using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>
/// Files for Traefik, version 3: what its file provider reads, by which every name below the domain leads to the gateway, and what it starts
/// with. Every value is checked before it is written, and a test holds every line against Traefik's reference.
/// </summary>
public static partial class TraefikFiles
{
    /// <summary>What the router, the service and the middlewares are called.</summary>
    internal const string Name = "flourisha";

    private const string RedirectPoint = "web";
    private const int HttpPort = 80;
    private const int HttpsPort = 443;
    private const int LongestWord = 254;

    /// <summary>The dynamic configuration: a file for the folder that the file provider watches.</summary>
    /// <param name="settings">The domain, the gateway and Traefik, as the user set them.</param>
    /// <param name="gateway">The URL by which Traefik reaches the gateway, without a path; null where it is this machine's own, by the settings.</param>
    /// <returns>The file, in YAML.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no domain, a name that cannot be used, or a URL that is none.</exception>
    public static string WriteDynamic(SandboxSettings settings, Uri? gateway)
    {
        var route = RouteFor(settings);
        var upstream = gateway is null ? OwnGateway(settings) : Checked(gateway);
        var yaml = new YamlLines()
            .Note($"For the file provider of Traefik v3: names below {route.Domain} lead to the gateway of FlourishaSandbox.")
            .Note("Written by Export-SandboxTraefikConfiguration or 'docker-sandbox traefik export'. Write it anew when settings change.")
            .Open("http")
            .Open("routers")
            .Open(Name)
            .List("entryPoints", route.Settings.EntryPoint)
            .Note("PORT-ID or PORT-NAME, as the gateway names them. One label, so that the wildcard's certificate is for each of them.")
            .Value("rule", RuleFor(route.Domain))
            .Value("service", Name)
            .List("middlewares", $"{Name}-headers", $"{Name}-rate");

        if (route.Settings.Tls)
            WriteTls(yaml, route);

        yaml.Close().Close()
            .Open("services")
            .Open(Name)
            .Open("loadBalancer")
            .Note("The gateway knows by the name what is meant.")
            .Value("passHostHeader", true)
            .Open("servers")
            .Item("url", upstream.GetLeftPart(UriPartial.Authority))
            .Close().Close().Close().Close()
            .Open("middlewares")
            .Open($"{Name}-headers")
            .Open("headers")
            .Note("What holds for every app. More, such as a policy for content or frames, is each app's own choice.")
            .Value("contentTypeNosniff", true)
            .Value("referrerPolicy", "strict-origin-when-cross-origin");
        if (route.Settings.Tls)
            yaml.Value("stsSeconds", 31_536_000);

        return yaml
            .Open("customResponseHeaders")
            .Note("What is there for an hour is nothing for search engines.")
            .Value("X-Robots-Tag", "noindex, nofollow")
            .Close().Close().Close()
            .Note("For each address that asks. A development server's page asks for hundreds of modules at once. No buffering: it would hold back streams.")
            .Open($"{Name}-rate")
            .Open("rateLimit")
            .Value("average", 200)
            .Value("period", "1s")
            .Value("burst", 1000)
            .ToString();
    }

    /// <summary>The static configuration, <c>traefik.yml</c>: entry points, providers, certificates, and no dashboard.</summary>
    /// <param name="settings">The domain and Traefik, as the user set them.</param>
    /// <param name="email">Whom the issuer of certificates writes to; needed where a resolver is set, and only there.</param>
    /// <param name="dnsProvider">Lego's word for whoever keeps the domain's names, such as <c>cloudflare</c>; needed likewise: wildcards are proven by DNS alone.</param>
    /// <returns>The file, in YAML.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no domain, or a value is missing or cannot be used.</exception>
    public static string WriteStatic(SandboxSettings settings, string? email, string? dnsProvider)
    {
        var route = RouteFor(settings);
        CheckCertificates(route.Settings, email, dnsProvider);
        var port = route.Settings.Port ?? (route.Settings.Tls ? HttpsPort : HttpPort);
        var yaml = new YamlLines()
            .Note($"What Traefik v3 starts with, for sandboxes below {route.Domain}. Written by FlourishaSandbox.")
            .Open("global").Value("checkNewVersion", false).Value("sendAnonymousUsage", false).Close()
            .Open("api")
            .Note("They would show everybody what there is.")
            .Value("dashboard", false).Value("insecure", false).Close()
            .Open("entryPoints");

        if (route.Settings.Tls && port != HttpPort)
        {
            yaml.Open(route.Settings.EntryPoint == RedirectPoint ? "http" : RedirectPoint)
                .Value("address", AddressOf(HttpPort))
                .Open("http").Open("redirections").Open("entryPoint")
                .Value("to", route.Settings.EntryPoint).Value("scheme", "https").Value("permanent", true)
                .Close().Close().Close().Close();
        }

        yaml.Open(route.Settings.EntryPoint)
            .Value("address", AddressOf(port))
            .Open("transport").Open("respondingTimeouts")
            .Note("A whole request's, with its body: an upload may take longer than the minute that is the default.")
            .Value("readTimeout", "10m")
            .Close().Close().Close().Close()
            .Open("providers")
            .Note("For sandboxes made with -Routing Traefik. Leave it out where all come by the gateway: the engine's socket is the machine's key.")
            .Open("docker").Value("exposedByDefault", false).Close()
            .Note("The folder, not one file: a file that is replaced would not be seen.")
            .Open("file").Value("directory", "/etc/traefik/dynamic").Value("watch", true).Close().Close();

        if (route.Settings is { CertificateResolver: { } resolver })
        {
            yaml.Open("certificatesResolvers").Open(resolver).Open("acme")
                .Value("email", email!)
                .Value("storage", "/var/lib/traefik/acme.json")
                .Note("Only this proof is good for a wildcard. Its credentials are variables of Traefik's own process.")
                .Open("dnsChallenge").Value("provider", dnsProvider!);
        }

        return yaml.ToString();
    }

    /// <summary>What users have to know who export the dynamic configuration.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>A sentence with what to do; null where all is well.</returns>
    public static string? FindTrouble(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.Gateway.Url is not null
            ? null
            : $"Addresses of sandboxes do not lead to Traefik yet: set gateway.url to {RouteFor(settings).Base.GetLeftPart(UriPartial.Authority)}, and start the gateway anew.";
    }

    /// <summary>Writes a file at once, so that Traefik, which watches, never reads half of it.</summary>
    /// <param name="path">Where.</param>
    /// <param name="text">What.</param>
    /// <param name="overwrite">Whether a file that is there is replaced.</param>
    /// <returns>The file.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>: a file is there, or nothing can be written. <see cref="SandboxError.PathNotFound"/>: the folder is not there.</exception>
    public static FileInfo Save(string path, string text, bool overwrite)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(text);
        var full = Path.GetFullPath(path);
        if (Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
            throw new SandboxException(SandboxError.PathNotFound, $"There is no folder '{folder}'.", path, "Make it first, or name another file.");

        if (Directory.Exists(full) || (File.Exists(full) && !overwrite))
            throw new SandboxException(SandboxError.PathNotUsable, $"'{full}' is there already.", path, "Replace a file with -Force (--force), or name another one.");

        // Not .yml: it is not for Traefik yet.
        var draft = $"{full}.{Guid.NewGuid():N}.new";
        try
        {
            File.WriteAllText(draft, text);
            File.Move(draft, full, overwrite);
            return new FileInfo(full);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(draft);
            throw new SandboxException(SandboxError.PathNotUsable, $"'{full}' cannot be written: {e.Message}", path, "Name another file.", e);
        }
    }

    /// <summary>The rule for all names of a domain that the gateway knows: version 3's syntax, a regular expression of Go's.</summary>
    internal static string RuleFor(string domain) => $@"HostRegexp(`^[1-9][0-9]{{0,4}}-[a-z0-9]([a-z0-9-]*[a-z0-9])?\.{domain.Replace(".", @"\.", StringComparison.Ordinal)}$`)";

    // A resolver cannot tell the names from an expression, so they are said.
    private static void WriteTls(YamlLines yaml, TraefikRoute route)
    {
        if (route.Settings.CertificateResolver is not { } resolver)
        {
            yaml.Note("With the certificates that Traefik has otherwise.").Empty("tls");
            return;
        }

        yaml.Open("tls")
            .Value("certResolver", resolver)
            .Open("domains").Item("main", route.Domain).Nested("sans", $"*.{route.Domain}").Close().Close();
    }

    // Where the gateway's own names are: a proxy's in front of it come first.
    private static TraefikRoute RouteFor(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return TraefikRoute.From(settings with { Domain = settings.Gateway.Url?.IdnHost ?? settings.Domain });
    }

    private static Uri OwnGateway(SandboxSettings settings)
    {
        if (settings.Gateway.Certificate is { } certificate)
            throw InvalidOption.Create("gateway.certificate", certificate, "is for names, and Traefik would reach the gateway by an address", "Unset it: behind Traefik the gateway speaks plain HTTP. Or name with -Gateway (--gateway) the URL by which Traefik reaches it.");

        var address = IPAddress.Parse(settings.Gateway.Address);
        var reached = address.Equals(IPAddress.Any) ? IPAddress.Loopback : address.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : address;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"http://{new IPEndPoint(reached, settings.Gateway.Port)}"));
    }

    private static Uri Checked(Uri gateway)
    {
        var isPlain = gateway.IsAbsoluteUri && (gateway.Scheme == Uri.UriSchemeHttp || gateway.Scheme == Uri.UriSchemeHttps)
            && gateway is { HostNameType: UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6, UserInfo: "", PathAndQuery: "/", Fragment: "" };
        return isPlain ? gateway : throw InvalidOption.Create("Gateway", gateway, "is no URL of a server", "Give a scheme, a host and a port, for example http://127.0.0.1:8080.");
    }

    private static void CheckCertificates(TraefikSettings traefik, string? email, string? dnsProvider)
    {
        if (traefik.CertificateResolver is null)
        {
            if ((email ?? dnsProvider) is { } alone)
                throw InvalidOption.Create(email is null ? "DnsProvider" : "Email", alone, "is for a resolver of certificates, and the setting 'traefik.certificateResolver' names none", "Set it, for example to letsencrypt, or leave this out.");

            return;
        }

        if (email is null || dnsProvider is null)
            throw InvalidOption.Create("traefik.certificateResolver", traefik.CertificateResolver, $"needs {(email is null ? "an address of mail" : "a provider of DNS")} to get certificates", "Give -Email and -DnsProvider (--email, --dns-provider), or unset the resolver where Traefik has its certificates otherwise.");

        if (email.Length > LongestWord || !EmailForm().IsMatch(email))
            throw InvalidOption.Create("Email", email, "is no address of mail", "Give one such as admin@example.com.");

        if (!ProviderForm().IsMatch(dnsProvider))
            throw InvalidOption.Create("DnsProvider", dnsProvider, "is no word for a provider of DNS", "Give the code that Traefik's list of providers has for it, for example cloudflare or route53.");
    }

    private static string AddressOf(int port) => string.Create(CultureInfo.InvariantCulture, $":{port}");

    [GeneratedRegex(@"\A[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+\z")]
    private static partial Regex EmailForm();

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9-]{0,39}\z")]
    private static partial Regex ProviderForm();
}
