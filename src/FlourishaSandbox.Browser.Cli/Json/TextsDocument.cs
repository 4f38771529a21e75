namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>What was read of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Texts">A text for each element that was meant, or one of the whole page.</param>
/// <param name="Cut">Whether something is missing.</param>
internal sealed record TextsDocument(string Page, IReadOnlyList<string> Texts, bool Cut);
