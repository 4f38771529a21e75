using FlourishaSandbox.Files;

namespace FlourishaSandbox.Cli.Json;

/// <summary>Something that happened to a file.</summary>
/// <param name="Path">The absolute path.</param>
/// <param name="Change">What happened.</param>
/// <param name="Time">When it was heard of.</param>
internal sealed record FileEventDocument(string Path, FileChange Change, DateTimeOffset Time);
