namespace FlourishaSandbox.Browser;

/// <summary>A request of a page that failed.</summary>
/// <param name="Time">When.</param>
/// <param name="Url">The URL. At most 2,000 characters.</param>
/// <param name="Status">The status that it answered with, from 400 on; null where nothing answered.</param>
/// <param name="Problem">What went wrong, in the browser's words, or why the page was not connected.</param>
public sealed record PageFailedRequest(DateTimeOffset Time, string Url, int? Status, string Problem)
{
    /// <summary>As a line.</summary>
    /// <returns>For example <c>status 404 (Not Found): http://localhost:8000/x</c>.</returns>
    public override string ToString() => $"{Problem}: {Url}";
}
