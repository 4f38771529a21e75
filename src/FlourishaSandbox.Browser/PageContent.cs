namespace FlourishaSandbox.Browser;

/// <summary>What was read of a page, as the page says: hostile.</summary>
/// <param name="Texts">A text for each element that was meant, or one of the whole page.</param>
/// <param name="IsCut">Whether something is missing: a text is longer than 1,048,576 characters, or there are more than 1,000 elements, or more than 8,388,608 characters in all.</param>
public sealed record PageContent(IReadOnlyList<string> Texts, bool IsCut);
