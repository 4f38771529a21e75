namespace FlourishaSandbox.Cli.Json;

/// <summary>A file in which text was replaced.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Replaced">How often.</param>
internal sealed record EditDocument(string Path, int Replaced);
