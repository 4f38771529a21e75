using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Files;

/// <summary>What a copy brought over.</summary>
/// <param name="Sandbox">The sandbox on the one side.</param>
/// <param name="Source">What was copied.</param>
/// <param name="Destination">Where it is now.</param>
/// <param name="Files">How many files, folders and links not counted.</param>
/// <param name="Bytes">Their sizes added up.</param>
/// <param name="Refused">What was left out because it would have left the destination or is no file: the entry and the reason.</param>
public sealed record CopiedItem(Sandbox Sandbox, string Source, string Destination, long Files, long Bytes, IReadOnlyList<RefusedEntry> Refused);

/// <summary>An entry that a sandbox sent and that was not written.</summary>
/// <param name="Name">The entry's name as the sandbox gave it.</param>
/// <param name="Reason">Why, as the end of a sentence that begins with the name.</param>
public sealed record RefusedEntry(string Name, string Reason)
{
    /// <summary>Name and reason.</summary>
    /// <returns>A sentence without a full stop.</returns>
    public override string ToString() => $"'{Name}' {Reason}";
}
