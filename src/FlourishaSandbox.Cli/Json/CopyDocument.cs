using FlourishaSandbox.Files;

namespace FlourishaSandbox.Cli.Json;

/// <summary>What a copy brought over.</summary>
/// <param name="Source">What was copied.</param>
/// <param name="Destination">Where it is now.</param>
/// <param name="Files">How many files.</param>
/// <param name="Bytes">Their sizes added up.</param>
/// <param name="Refused">What a sandbox sent and was not written.</param>
internal sealed record CopyDocument(string Source, string Destination, long Files, long Bytes, IReadOnlyList<RefusedEntry> Refused)
{
    /// <summary>The document for a copy.</summary>
    /// <param name="item">The copy.</param>
    /// <returns>The document.</returns>
    public static CopyDocument For(CopiedItem item) => new(item.Source, item.Destination, item.Files, item.Bytes, item.Refused);
}
