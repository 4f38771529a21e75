namespace FlourishaSandbox.Hosting;

/// <summary>By which way a sandbox's ports are reached.</summary>
public enum HostRouting
{
    /// <summary>Each port is published on the engine's machine, under a number that the engine chooses.</summary>
    Port,

    /// <summary>Traefik, which is there already, leads names below a domain to it.</summary>
    Traefik,

    /// <summary>The product's own gateway leads names to it: <c>8000-0123456789ab.localhost:8080</c>.</summary>
    Gateway,
}
