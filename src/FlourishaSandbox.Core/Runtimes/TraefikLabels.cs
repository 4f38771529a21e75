using System.Globalization;
using FlourishaSandbox.Hosting;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Runtimes;

/// <summary>
/// What Traefik's Docker provider reads on a sandbox's container; version 3, by its reference (docs/content/reference/routing-configuration/
/// other-providers/docker.md). A test holds every label against it.
/// </summary>
internal static class TraefikLabels
{
    /// <summary>What all of Traefik's labels begin with, in any case.</summary>
    public const string Prefix = "traefik.";

    /// <summary>Whether Traefik leads to it at all.</summary>
    public const string Enable = Prefix + "enable";

    /// <summary>The labels of a sandbox.</summary>
    /// <param name="specification">The sandbox.</param>
    /// <param name="creation">Its creation's mark.</param>
    /// <param name="network">The name of the network on which it is reached.</param>
    /// <returns>For one that Traefik leads to, how; for all others that it does not, as a Traefik that takes whatever it sees would.</returns>
    public static IEnumerable<KeyValuePair<string, string>> Write(SandboxSpecification specification, string creation, string network)
    {
        if (specification.Traefik is not { } route || specification.Ports.Count == 0)
        {
            yield return new(Enable, "false");
            yield break;
        }

        yield return new(Enable, "true");
        yield return new(Prefix + "docker.network", network);
        foreach (var port in specification.Ports)
        {
            var name = TraefikNames.NameOf(creation, specification.Ports, port);
            var router = $"{Prefix}http.routers.{name}";
            yield return new($"{router}.rule", $"Host(`{name}.{route.Domain}`)");
            yield return new($"{router}.entrypoints", route.Settings.EntryPoint);
            yield return new($"{router}.service", name);
            foreach (var (key, value) in Tls(route))
                yield return new($"{router}.{key}", value);

            yield return new($"{Prefix}http.services.{name}.loadbalancer.server.port", port.ToString(CultureInfo.InvariantCulture));
        }
    }

    // One certificate for all names below the domain: one for each sandbox would soon be more than an issuer grants in a week.
    private static IEnumerable<KeyValuePair<string, string>> Tls(TraefikRoute route)
    {
        if (!route.Settings.Tls)
            yield break;

        yield return new("tls", "true");
        if (route.Settings.CertificateResolver is not { } resolver)
            yield break;

        yield return new("tls.certresolver", resolver);
        yield return new("tls.domains[0].main", route.Domain);
        yield return new("tls.domains[0].sans", $"*.{route.Domain}");
    }
}
