using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cli.Json;

/// <summary>Something stale that was removed, or would be.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Reason">Why.</param>
/// <param name="Removed">Whether it is gone.</param>
internal sealed record StaleDocument(StaleKind Kind, string Id, string Name, string Reason, bool Removed);
