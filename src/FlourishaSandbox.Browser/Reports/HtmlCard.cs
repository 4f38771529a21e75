using System.Globalization;
using System.Text;
using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>A check in the report: its results at all sizes, and what was to be seen.</summary>
/// <param name="id">The card's anchor.</param>
/// <param name="results">The results so far.</param>
internal sealed class HtmlCard(string id, List<AppTestResult> results)
{
    /// <summary>The card's anchor.</summary>
    public string Id => id;

    /// <summary>The check's results.</summary>
    public List<AppTestResult> Results => results;

    /// <summary>The one that says what the check is.</summary>
    public AppTestResult Main => results[0];

    /// <summary>The worst of its results.</summary>
    public AppTestStatus Status =>
        results.Exists(result => result.Status == AppTestStatus.Failed) ? AppTestStatus.Failed : results.TrueForAll(result => result.Status == AppTestStatus.Skipped) ? AppTestStatus.Skipped : AppTestStatus.Passed;

    /// <summary>Writes it.</summary>
    /// <param name="html">The page so far.</param>
    /// <param name="pictures">Reads pictures.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <returns>A task that ends when it is written.</returns>
    public async Task WriteAsync(StringBuilder html, HtmlPictures pictures, CancellationToken cancellationToken)
    {
        var isOpen = Status == AppTestStatus.Failed || results.Exists(result => result.Pictures.Count > 0);
        var duration = TimeSpan.FromTicks(results.Sum(result => result.Duration.Ticks));
        html.Append(CultureInfo.InvariantCulture, $"<details class=\"card {Word(Status)}\" id=\"{id}\"{(isOpen ? " open" : "")}>\n<summary><span class=\"mark\"><span class=\"words\">{Word(Status)}: </span></span><span class=\"name\">{HtmlReport.Text(Main.Name)}</span>{Tags()}<span class=\"time\">{HtmlReport.Span(duration)}</span></summary>\n<div class=\"body\">\n");
        await WritePicturesAsync(html, pictures, cancellationToken).ConfigureAwait(false);
        foreach (var result in results.Where(result => !IsCleanConsole(result)))
            WriteResult(html, result, pictures);

        html.Append("</div>\n</details>\n");
    }

    private static string Word(AppTestStatus status) => status.ToString().ToLowerInvariant();

    private string Tags() => string.Concat(Main.Tags.Select(tag => $"<span class=\"tag\">{HtmlReport.Text(tag)}</span>"));

    // Said in its story's line, where there is one.
    private bool IsCleanConsole(AppTestResult result) => result is { Kind: AppTestKind.Console, Status: AppTestStatus.Passed, Message: null } && results.Exists(story => story.Kind != AppTestKind.Console && story.Where == result.Where);

    private void WriteResult(StringBuilder html, AppTestResult result, HtmlPictures pictures)
    {
        var label = result.Kind == AppTestKind.Console ? (result.Where is null ? "console" : $"{result.Where}, console") : result.Where ?? Word(result.Status);
        html.Append(CultureInfo.InvariantCulture, $"<div class=\"result {Word(result.Status)}\"><p class=\"line\"><span class=\"mark\"><span class=\"words\">{Word(result.Status)}: </span></span><span class=\"where\">{HtmlReport.Text(label)}</span>");
        if (result.Duration > TimeSpan.Zero)
            html.Append(CultureInfo.InvariantCulture, $"<span class=\"time\">{HtmlReport.Span(result.Duration)}</span>");

        if (result.Kind != AppTestKind.Console && results.Exists(console => console.Where == result.Where && IsCleanConsole(console)))
            html.Append("<span class=\"muted\">console clean</span>");

        html.Append("</p>\n");
        if (result.Message is not null)
            html.Append(CultureInfo.InvariantCulture, $"<p class=\"message\">{HtmlReport.Text(result.Message)}</p>\n");

        if (result.Steps.Count > 0)
        {
            html.Append(CultureInfo.InvariantCulture, $"<details class=\"more\"{(result.Status == AppTestStatus.Failed ? " open" : "")}><summary>{result.Steps.Count} step{(result.Steps.Count == 1 ? "" : "s")}</summary>\n<ol class=\"steps\">\n");
            foreach (var step in result.Steps)
                html.Append(CultureInfo.InvariantCulture, $"<li class=\"{Word(step.Status)}\"><span class=\"words\">{Word(step.Status)}: </span>{HtmlReport.Text(step.Text)}{(step.Status == AppTestStatus.Skipped ? "" : $" <span class=\"time\">{HtmlReport.Span(step.Duration)}</span>")}</li>\n");

            html.Append("</ol></details>\n");
        }

        if (result.Evidence.Count > 0)
        {
            html.Append("<details class=\"more\"><summary>Files</summary>\n<ul class=\"files\">\n");
            foreach (var path in result.Evidence)
                html.Append(CultureInfo.InvariantCulture, $"<li><code>{HtmlReport.Text(pictures.NameOf(path))}</code>{(path.EndsWith("trace.zip", StringComparison.Ordinal) ? " <span class=\"muted\">opens in Playwright's trace viewer</span>" : "")}</li>\n");

            html.Append("</ul></details>\n");
        }

        html.Append("</div>\n");
    }

    private async Task WritePicturesAsync(StringBuilder html, HtmlPictures pictures, CancellationToken cancellationToken)
    {
        var all = results.SelectMany(result => result.Pictures.Select(picture => (Result: result, Picture: picture))).ToList();
        if (all.Count == 0)
            return;

        html.Append("<div class=\"pictures\">\n");
        foreach (var (result, picture) in all)
        {
            var caption = $"{HtmlReport.Text(picture.Name)}{(result.Where is null ? "" : $" <span class=\"where\">{HtmlReport.Text(result.Where)}</span>")}";
            html.Append(CultureInfo.InvariantCulture, $"<figure{(picture.IsEvidence ? " class=\"evidence\"" : "")}>{await pictures.EmbedAsync(picture, result.Where, cancellationToken).ConfigureAwait(false)}<figcaption>{caption}</figcaption></figure>\n");
        }

        html.Append("</div>\n");
    }
}
