namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>What was closed.</summary>
/// <param name="Pages">The pages' ids; empty where all went with their browser.</param>
/// <param name="Browser">Whether the browser's sandbox was removed.</param>
internal sealed record ClosedDocument(IReadOnlyList<string> Pages, bool Browser);
