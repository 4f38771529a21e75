namespace FlourishaSandbox.Cli.Json;

/// <summary>Whether something is at a path.</summary>
/// <param name="Path">The path as it was given.</param>
/// <param name="Exists">Whether something is there.</param>
internal sealed record ExistsDocument(string Path, bool Exists);
