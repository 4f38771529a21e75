namespace FlourishaSandbox.Hosting;

/// <summary>What is to be known of the Traefik that leads to sandboxes.</summary>
public sealed record TraefikSettings
{
    /// <summary>FLOURISHA_TRAEFIK_NETWORK: the engine's network on which it reaches sandboxes; null for the sandbox's own.</summary>
    public string? Network { get; init; }

    /// <summary>FLOURISHA_TRAEFIK_ENTRY_POINT: its entry point for sandboxes.</summary>
    public string EntryPoint { get; init; } = "websecure";

    /// <summary>FLOURISHA_TRAEFIK_CERTIFICATE_RESOLVER: its resolver of certificates; null where it has its certificates otherwise.</summary>
    public string? CertificateResolver { get; init; }

    /// <summary>FLOURISHA_TRAEFIK_CONTAINER: its container, which is attached to sandboxes' own networks; null where it runs otherwise.</summary>
    public string? Container { get; init; }
}
