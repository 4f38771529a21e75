namespace FlourishaSandbox.Hosting;

/// <summary>What is to be known of the Traefik that leads to sandboxes.</summary>
public sealed record TraefikSettings
{
    /// <summary>FLOURISHA_TRAEFIK_ENTRY_POINT: its entry point for sandboxes.</summary>
    public string EntryPoint { get; init; } = "websecure";

    /// <summary>FLOURISHA_TRAEFIK_CERTIFICATE_RESOLVER: its resolver of certificates; null where it has its certificates otherwise.</summary>
    public string? CertificateResolver { get; init; }

    /// <summary>FLOURISHA_TRAEFIK_TLS: whether that entry point speaks HTTPS.</summary>
    public bool Tls { get; init; } = true;

    /// <summary>FLOURISHA_TRAEFIK_PORT: the port by which the entry point is reached from outside, 1 to 65535; null for the one that URLs need not name.</summary>
    public int? Port { get; init; }

    /// <summary>FLOURISHA_TRAEFIK_CONTAINER: its container, which is attached to sandboxes' own networks; null to look for it.</summary>
    public string? Container { get; init; }
}
