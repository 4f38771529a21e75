namespace FlourishaSandbox.Browser.Cli.Json;

/// <summary>The browser's sandbox.</summary>
/// <param name="Sandbox">Its name.</param>
/// <param name="Id">Its id.</param>
/// <param name="Deadline">When it ends, where nobody uses it.</param>
internal sealed record BrowserDocument(string Sandbox, string Id, DateTimeOffset? Deadline);
