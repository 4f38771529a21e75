using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Hosting;

/// <summary>The URL by which a sandbox's port is reached.</summary>
public sealed record HostAddress
{
    /// <summary>The sandbox.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The port inside the sandbox.</summary>
    public required int Port { get; init; }

    /// <summary>The URL, without a path.</summary>
    public required Uri Url { get; init; }

    /// <summary>The URL's scheme.</summary>
    public string Scheme => Url.Scheme;

    /// <summary>By which way it is reached.</summary>
    public HostRouting Routing { get; init; }

    /// <summary>Whether other machines can reach it: it is not published on a loopback address.</summary>
    public required bool Public { get; init; }

    /// <summary>Whether it answered when it was waited for; false where nobody waited.</summary>
    public bool Ready { get; init; }

    /// <summary>What has to be shown there to be let in, in the header <c>X-Access-Token</c>; null where nothing has to be. A secret.</summary>
    public string? Token { get; init; }

    /// <summary>A URL that lets whoever opens it in a browser in, for a while; null where none was asked for. A secret as long as it is good.</summary>
    public Uri? Link { get; init; }

    /// <summary>The URL.</summary>
    /// <returns><see cref="Url"/> as text.</returns>
    public override string ToString() => Url.ToString();
}
