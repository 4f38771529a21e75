namespace FlourishaSandbox.Cli.Json;

/// <summary>What was written for Traefik.</summary>
/// <param name="Path">The file; left out where there is none.</param>
/// <param name="Configuration">What is in it, in YAML.</param>
internal sealed record TraefikDocument(string? Path, string Configuration);
