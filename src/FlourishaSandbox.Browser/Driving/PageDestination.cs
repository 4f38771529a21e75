namespace FlourishaSandbox.Browser.Driving;

/// <summary>Where a page may connect to. Kept with the page, so that every process that takes it up knows.</summary>
internal sealed record PageDestination
{
    /// <summary>The host in lower case, as URLs name it; with <see cref="IsBelow"/> or <see cref="IsPortOf"/>, how it ends.</summary>
    public required string Host { get; init; }

    /// <summary>The port; 0 for 80 and 443.</summary>
    public int Port { get; init; }

    /// <summary>Whether all hosts below are meant, and the port is one of the internet's: addresses of this machine and its neighbours are refused.</summary>
    public bool IsBelow { get; init; }

    /// <summary>Whether the internet's addresses only are meant.</summary>
    public bool IsOpenOnly { get; init; }

    /// <summary>Whether a number comes before <see cref="Host"/>: the gateway's names of one sandbox's ports.</summary>
    public bool IsPortOf { get; init; }

    /// <summary>The sandbox whose port is meant, by its agent's tunnel; null to connect to the host itself.</summary>
    public string? Sandbox { get; init; }

    /// <summary>Whether a host and port are meant.</summary>
    /// <param name="host">The host, in lower case.</param>
    /// <param name="port">The port.</param>
    public bool Matches(string host, int port)
    {
        if (Port == 0 ? port is not (80 or 443) : port != Port)
            return false;

        if (IsPortOf)
            return host.Length > Host.Length && host.EndsWith(Host, StringComparison.Ordinal) && host.AsSpan(0, host.Length - Host.Length).IndexOfAnyExceptInRange('0', '9') < 0;

        return IsBelow ? host.Length > Host.Length + 1 && host.EndsWith("." + Host, StringComparison.Ordinal) : host == Host;
    }
}
