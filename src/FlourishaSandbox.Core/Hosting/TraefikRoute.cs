using System.Globalization;
using System.Text.RegularExpressions;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>How Traefik leads to a sandbox: what its labels say, and what URLs are made of.</summary>
public sealed partial record TraefikRoute
{
    private const string DomainRemedy = "Name one below which all names lead to Traefik's machine: Set-SandboxConfiguration domain sandboxes.example.com, 'docker-sandbox config set domain sandboxes.example.com', or FLOURISHA_DOMAIN.";

    private TraefikRoute(string domain, TraefikSettings settings) => (Domain, Settings) = (domain, settings);

    /// <summary>The domain below which sandboxes have their names, in lower case.</summary>
    public string Domain { get; }

    /// <summary>What is known of Traefik.</summary>
    public TraefikSettings Settings { get; }

    /// <summary>The URL of the domain itself: what names are put before.</summary>
    public Uri Base => new UriBuilder(Settings.Tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp, Domain, Settings.Port ?? -1).Uri;

    /// <summary>The route that settings describe. Everything in it ends up in rules and labels, so it is checked, wherever it came from.</summary>
    /// <param name="settings">The settings.</param>
    /// <returns>The route.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: there is no domain, or a name that cannot be used.</exception>
    public static TraefikRoute From(SandboxSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        if (settings.Domain is not { } domain)
            throw InvalidOption.Create("Routing", HostRouting.Traefik, "needs a domain, and the setting 'domain' names none", DomainRemedy);

        var traefik = settings.Traefik;
        CheckName("traefik.entryPoint", traefik.EntryPoint);
        CheckName("traefik.certificateResolver", traefik.CertificateResolver);
        if (traefik is { Tls: false, CertificateResolver: { } resolver })
            throw InvalidOption.Create("traefik.certificateResolver", resolver, "is of no use where traefik.tls is false", "Unset one of the two.");

        CheckPort(traefik.Port);
        return new TraefikRoute(CheckDomain(domain), traefik);
    }

    /// <summary>Checks the name of something in Traefik's configuration.</summary>
    internal static void CheckName(string setting, string? name)
    {
        if (name is not null && !NameForm().IsMatch(name))
            throw InvalidOption.Create(setting, name, "is no name that Traefik's configuration can hold everywhere", "Use letters, digits, '-' and '_', at most 63 of them.");
    }

    /// <summary>Checks the port of an entry point.</summary>
    internal static void CheckPort(int? port)
    {
        if (port is < 1 or > 65535)
            throw InvalidOption.Create("traefik.port", port.Value.ToString(CultureInfo.InvariantCulture), "is no TCP port", "Give a number from 1 to 65535.");
    }

    // Nothing that a rule, a label or an expression would read as anything but a name.
    internal static string CheckDomain(string domain)
    {
        var name = domain.ToLowerInvariant();
        return name.Length <= LongestDomain && DomainForm().IsMatch(name)
            ? name
            : throw InvalidOption.Create("domain", domain, "is no domain that names can be put before", "Give labels of letters, digits and '-' with dots between them, for example sandboxes.example.com; others as xn--….");
    }

    // A name is 253 characters at most, and what is put before takes 22.
    private const int LongestDomain = 230;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9_-]{0,62}\z")]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*\z")]
    private static partial Regex DomainForm();
}
