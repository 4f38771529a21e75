using System.Globalization;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Driving;

/// <summary>By which URL a page reaches an app in a sandbox, and where else it may go then: to the other ports of the same sandbox.</summary>
internal static class AppAddresses
{
    /// <summary>Finds them.</summary>
    /// <param name="manager">The sandboxes.</param>
    /// <param name="app">The app's sandbox.</param>
    /// <param name="port">The app's port; null for the first that the sandbox publishes.</param>
    /// <param name="viaAgent">Whether the agent's tunnel may be used where the port has no address.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The URL, what is to be allowed, and the token that has to be shown there; null where none has.</returns>
    public static async Task<(Uri Url, IReadOnlyList<PageDestination> Destinations, string? Token)> FindAsync(SandboxManager manager, Sandbox app, int? port, bool viaAgent, CancellationToken cancellationToken)
    {
        app = await manager.GetAsync(new SandboxReference(app), cancellationToken).ConfigureAwait(false);
        if (port is { } number && viaAgent && HasNoAddress(app, number))
        {
            var url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{number}/"));
            return (url, [new PageDestination { Host = "localhost", Port = number, Sandbox = app.Id }], null);
        }

        var address = await manager.Hosts.GetAddressAsync(app, port, cancellationToken).ConfigureAwait(false);
        var destinations = new List<PageDestination> { Of(address.Url) };
        foreach (var other in app.Ports.Where(other => other.Port != address.Port && other.HostPort is not null))
            destinations.Add(Of((await manager.Hosts.GetAddressAsync(app, other.Port, cancellationToken).ConfigureAwait(false)).Url));

        // By the gateway's names every port of the sandbox is one host, which begins with its number.
        var prefix = string.Create(CultureInfo.InvariantCulture, $"{address.Port}-{app.ShortId}.");
        if (address.Url.Host.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            destinations.Add(new PageDestination { Host = address.Url.Host.ToLowerInvariant()[prefix.IndexOf('-', StringComparison.Ordinal)..], Port = address.Url.Port, IsPortOf = true });

        return (address.Url, destinations, address.Token);
    }

    /// <summary>The host and port of a URL.</summary>
    public static PageDestination Of(Uri url) => new() { Host = url.Host.Trim('[', ']').ToLowerInvariant(), Port = url.Port };

    // What nothing publishes has no address, but its agent leads there.
    private static bool HasNoAddress(Sandbox app, int port) => app.Network == NetworkPolicy.None && app.Ports.All(each => each.Port != port || each.HostPort is null);
}
