using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>Makes links: URLs that let a browser in to a private port, as browsers show no headers.</summary>
public static class HostLink
{
    /// <summary>How long a link is good where nobody says otherwise.</summary>
    public static readonly TimeSpan DefaultSpan = TimeSpan.FromHours(1);

    /// <summary>How long a link can be good at most.</summary>
    public static readonly TimeSpan LongestSpan = TimeSpan.FromDays(30);

    /// <summary>Checks whether there can be a link, before an address is asked for.</summary>
    /// <param name="sandbox">The sandbox.</param>
    /// <param name="span">How long it is to be good.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: the sandbox is not reached through the gateway, or the span is none.</exception>
    public static void Validate(Sandbox sandbox, TimeSpan span)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        if (sandbox.Routing != HostRouting.Gateway)
            throw InvalidOption.Create("Link", sandbox.Name, $"is a sandbox whose ports are reached by routing {sandbox.Routing}, and only the gateway knows links", "Make it with -Routing Gateway, or --routing gateway.");

        if (span <= TimeSpan.Zero || span > LongestSpan)
            throw InvalidOption.Create("ValidFor", span, $"is no span between nothing and {LongestSpan.TotalDays:0} days", "Give a span such as 1h.");
    }

    /// <summary>Adds a link to an address. Where nothing has to be shown there, it is the URL itself.</summary>
    /// <param name="address">The address, of the gateway.</param>
    /// <param name="path">The path that it leads to, with a query or without, such as <c>/</c>.</param>
    /// <param name="span">How long it is good, from now on; more than nothing and at most <see cref="LongestSpan"/>.</param>
    /// <returns>The same address, with a link.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: as for <see cref="Validate"/>, or the path leads elsewhere.</exception>
    public static HostAddress AddTo(HostAddress address, string path, TimeSpan span)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(path);
        Validate(address.Sandbox, span);
        var url = new Uri(address.Url, path);
        if (url.Authority != address.Url.Authority || url.Scheme != address.Url.Scheme)
            throw InvalidOption.Create("Path", path, "is no path", "Give a path such as /health.");

        if (address.Token is null)
            return address with { Link = url };

        var link = $"{PortAccess.LinkParameter}={new PortAccess().LinkFor(address.Sandbox, address.Port, DateTimeOffset.UtcNow + span)}";
        return address with { Link = new UriBuilder(url) { Query = url.Query.Length > 1 ? $"{url.Query[1..]}&{link}" : link }.Uri };
    }
}
