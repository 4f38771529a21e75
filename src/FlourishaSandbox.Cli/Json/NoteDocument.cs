using System.Text.Json.Serialization;

namespace FlourishaSandbox.Cli.Json;

/// <summary>Something that standard error gets beside failures.</summary>
/// <param name="Warning">A warning.</param>
/// <param name="Verbose">What is being done.</param>
internal sealed record NoteDocument(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Warning,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Verbose);
