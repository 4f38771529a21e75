namespace FlourishaSandbox.Hosting;

/// <summary>A gateway that serves on this machine, of this user.</summary>
public sealed record SandboxGateway
{
    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>The form of the URLs that lead through it, such as <c>http://PORT-ID.localhost:8080</c>.</summary>
    public required string Url { get; init; }

    /// <summary>The address of this machine that it listens on.</summary>
    public required string Address { get; init; }

    /// <summary>The TCP port that it listens on.</summary>
    public required int Port { get; init; }

    /// <summary>The domain below which sandboxes have names, beside <c>localhost</c>; null for none.</summary>
    public string? Domain { get; init; }

    /// <summary>Whether others than this machine's users reach it, so that ports that nobody named ask for their token.</summary>
    public required bool Exposed { get; init; }

    /// <summary>Whether it has a certificate.</summary>
    public required bool Secure { get; init; }

    /// <summary>Whether applications are shown the name that users typed.</summary>
    public required bool KeepHost { get; init; }

    /// <summary>Since when it serves.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The file in which it writes what there is to say; null for the terminal that it was started from.</summary>
    public string? Log { get; init; }

    /// <summary>The process as it is recognised, as numbers of processes are used again.</summary>
    internal string Process { get; init; } = "";

    /// <summary>The form of its URLs.</summary>
    /// <returns><see cref="Url"/>.</returns>
    public override string ToString() => Url;
}
