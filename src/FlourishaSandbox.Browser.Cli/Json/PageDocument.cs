using FlourishaSandbox.Browser;

namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>A page.</summary>
/// <param name="Id">By which it is found again.</param>
/// <param name="Url">The URL that it shows.</param>
/// <param name="Title">Its title.</param>
/// <param name="Status">The status that it answered with; null where nobody heard it.</param>
/// <param name="Viewport">Its size in CSS pixels.</param>
/// <param name="Device">The device that it takes itself for; null for none.</param>
/// <param name="ColorScheme">light or dark.</param>
/// <param name="Locale">Its user's language; null for the browser's own.</param>
/// <param name="App">The app's sandbox; null where it was opened by a URL.</param>
/// <param name="Opened">When it was opened.</param>
internal sealed record PageDocument(string Id, string Url, string Title, int? Status, string Viewport, string? Device, string ColorScheme, string? Locale, string? App, DateTimeOffset Opened)
{
    /// <summary>The document of a page.</summary>
    public static PageDocument For(SandboxPage page) =>
        new(page.Id, page.Url, page.Title, page.Status, page.Viewport, page.Device, page.ColorScheme.ToString().ToLowerInvariant(), page.Locale, page.App, page.Opened);
}
