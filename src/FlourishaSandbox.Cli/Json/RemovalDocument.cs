namespace FlourishaSandbox.Cli.Json;

/// <summary>A sandbox that was removed, or would be.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why; null where the caller named it.</param>
/// <param name="Removed">Whether it is gone.</param>
internal sealed record RemovalDocument(string Id, string Name, string? Reason, bool Removed);
