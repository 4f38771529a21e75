namespace FlourishaSandbox.Browser;

/// <summary>A picture of a page, on the disk.</summary>
/// <param name="Path">The file's full path.</param>
/// <param name="Url">The URL that was opened.</param>
/// <param name="Status">The status that it answered with; null where it was no HTTP.</param>
/// <param name="Title">The page's title, as the page says: hostile. At most 200 characters, on one line.</param>
/// <param name="Length">The file's size in bytes.</param>
public sealed record PageScreenshot(string Path, Uri Url, int? Status, string Title, long Length);
