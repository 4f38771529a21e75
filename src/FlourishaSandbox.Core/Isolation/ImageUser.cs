using FlourishaSandbox.Files;

namespace FlourishaSandbox.Isolation;

/// <summary>The user of a sandbox, as its image knows it.</summary>
/// <param name="Owner">Its numbers.</param>
/// <param name="Home">Its home, where that is a folder of its own; null where the workspace has to do.</param>
internal sealed record ImageUser(FileOwner Owner, string? Home);
