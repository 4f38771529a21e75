namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>A picture of a page.</summary>
/// <param name="Page">The page.</param>
/// <param name="Path">The file's full path.</param>
/// <param name="Url">The URL that the page showed.</param>
/// <param name="Status">The status that it answered with; null where nobody heard it.</param>
/// <param name="Title">The page's title.</param>
/// <param name="Size">The file's size in bytes.</param>
internal sealed record PictureDocument(string Page, string Path, string Url, int? Status, string Title, long Size);
