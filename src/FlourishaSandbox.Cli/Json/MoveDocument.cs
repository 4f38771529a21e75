namespace FlourishaSandbox.Cli.Json;

/// <summary>A file or folder that was moved.</summary>
/// <param name="Source">The path that it had, as it was given.</param>
/// <param name="Destination">The path that it has.</param>
internal sealed record MoveDocument(string Source, string Destination);
