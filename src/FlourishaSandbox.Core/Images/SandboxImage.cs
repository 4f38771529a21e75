namespace FlourishaSandbox.Images;

/// <summary>An image on an engine.</summary>
public sealed record SandboxImage
{
    /// <summary>The engine's id, <c>sha256:</c> and 64 hexadecimal digits.</summary>
    public required string Id { get; init; }

    /// <summary>The name with its tag; the id where it has none.</summary>
    public required string Name { get; init; }

    /// <summary>The template that it was built from; null where there is none.</summary>
    public string? Template { get; init; }

    /// <summary>When it was built.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Size in bytes, all layers added up.</summary>
    public long Size { get; init; }

    /// <summary>The system that it is made for, as Docker names it: <c>linux</c> or <c>windows</c>.</summary>
    public string OperatingSystem { get; init; } = "linux";

    /// <summary>The processor that it is made for, as Docker names it: <c>amd64</c>, <c>arm64</c>, …</summary>
    public string Architecture { get; init; } = "amd64";

    /// <summary>What it runs by itself: its ENTRYPOINT and CMD; empty where it has neither.</summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>The user that it runs as; null where that is root.</summary>
    public string? User { get; init; }

    /// <summary>The folder in which its processes start.</summary>
    public string WorkingDirectory { get; init; } = "/";

    /// <summary>One of its labels that Traefik would read; null where it has none.</summary>
    internal string? TraefikLabel { get; init; }

    /// <summary>The name.</summary>
    /// <returns><see cref="Name"/>.</returns>
    public override string ToString() => Name;
}
