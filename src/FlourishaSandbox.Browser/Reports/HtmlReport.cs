using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>
/// Writes a report to look at: one file with everything in it, that asks nobody for anything and runs no script. What apps said is in it, so everything
/// is escaped, and a policy forbids what escaping might have missed.
/// </summary>
internal static class HtmlReport
{
    private static readonly AppTestKind[] s_order = [AppTestKind.Start, AppTestKind.Story, AppTestKind.Visual, AppTestKind.Api, AppTestKind.Accessibility, AppTestKind.Command];

    /// <summary>Writes it.</summary>
    /// <param name="report">The report.</param>
    /// <param name="path">The file that it is going to be, from which others are named.</param>
    /// <param name="cancellationToken">Ends the reading of pictures.</param>
    /// <returns>The page.</returns>
    public static async Task<string> CreateAsync(AppTestReport report, string path, CancellationToken cancellationToken)
    {
        var pictures = new HtmlPictures(Path.GetDirectoryName(path)!);
        var style = HtmlStyle.Text;
        var hash = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        var title = string.Join(", ", report.Results.Select(result => result.Suite).Distinct());
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="referrer" content="no-referrer">
            <meta name="color-scheme" content="light dark">
            <title>{Text(title)}: {Text(report.ToString())}</title>
            <style>{style}</style>
            </head>
            <body>

            """);
        WriteHead(html, report, title);
        html.Append("<main>\n");
        var cards = CardsOf(report);
        WriteFailures(html, cards);
        var severalRuns = report.Results.Select(result => (result.Suite, result.Sandbox.Id)).Distinct().Count() > 1;
        foreach (var run in cards.GroupBy(card => (card.Main.Suite, card.Main.Sandbox.Id)))
        {
            if (severalRuns)
                html.Append(CultureInfo.InvariantCulture, $"<h2 class=\"run\">{Text(run.Key.Suite)} <span class=\"muted\">in {Text(run.First().Main.Sandbox.Name)}</span></h2>\n");

            foreach (var section in run.GroupBy(card => card.Main.Kind).OrderBy(section => Array.IndexOf(s_order, section.Key)))
                await WriteSectionAsync(html, section.Key, [.. section], pictures, severalRuns ? 3 : 2, cancellationToken).ConfigureAwait(false);
        }

        html.Append("</main>\n<footer>Made by FlourishaSandbox.</footer>\n</body>\n</html>\n");
        return html.ToString();
    }

    /// <summary>Text as HTML has it, also within quotes, with characters that turn the direction of writing shown as U+FFFD.</summary>
    internal static string Text(string text) => WebUtility.HtmlEncode(Excerpt.Of(text, 4000));

    /// <summary>A span of time for people.</summary>
    internal static string Span(TimeSpan span) => span.TotalSeconds < 1
        ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalMilliseconds:0} ms")
        : span.TotalMinutes < 2 ? string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{(int)span.TotalMinutes} min {span.Seconds} s");

    private static void WriteHead(StringBuilder html, AppTestReport report, string title)
    {
        var (passed, failed, skipped) = (report.Count(AppTestStatus.Passed), report.Count(AppTestStatus.Failed), report.Count(AppTestStatus.Skipped));
        var verdict = failed > 0 ? "failed" : passed == 0 ? "skipped" : "passed";
        var words = failed > 0 ? $"{failed} of {report.Results.Count} failed" : passed == 0 ? "Nothing was tested" : skipped > 0 ? $"{passed} passed" : $"All {passed} passed";
        var sandboxes = report.Results.Select(result => result.Sandbox).DistinctBy(sandbox => sandbox.Id).ToList();
        html.Append(CultureInfo.InvariantCulture, $"""
            <header class="{verdict}">
            <p class="verdict"><span class="mark" aria-hidden="true"></span>{words}</p>
            <h1>{Text(title)}</h1>
            <p class="muted">{string.Join(", ", sandboxes.Select(sandbox => $"{Text(sandbox.Name)} ({Text(sandbox.Template ?? sandbox.Image)})"))} · <time datetime="{report.StartedAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}">{report.StartedAt:d MMMM yyyy, HH:mm}</time> · {Span(report.Duration)}</p>
            <div class="bar{(report.Results.Count > 60 ? " many" : "")}" role="img" aria-label="{Text(report.ToString())}">{Bar("passed", passed)}{Bar("failed", failed)}{Bar("skipped", skipped)}</div>
            <dl class="counts">{Count("passed", passed)}{Count("failed", failed)}{Count("skipped", skipped)}</dl>
            </header>

            """);
    }

    // By an attribute of a known set, as styles of their own are forbidden to elements.
    private static string Bar(string status, int count) => string.Concat(Enumerable.Repeat($"<i class=\"{status}\"></i>", Math.Min(count, 400)));

    private static string Count(string status, int count) => $"<div class=\"{status}\"><dt>{status}</dt><dd>{count.ToString(CultureInfo.InvariantCulture)}</dd></div>";

    private static List<HtmlCard> CardsOf(AppTestReport report)
    {
        var cards = new List<HtmlCard>();
        foreach (var result in report.Results)
        {
            // A console belongs to the story that was told meanwhile.
            var kind = result.Kind == AppTestKind.Console ? AppTestKind.Story : result.Kind;
            var card = cards.FirstOrDefault(one => one.Main.Kind == kind && one.Main.Name == result.Name && one.Main.Suite == result.Suite && one.Main.Sandbox.Id == result.Sandbox.Id);
            if (card is null)
                cards.Add(new HtmlCard($"check-{cards.Count + 1}", [result]));
            else
                card.Results.Add(result);
        }

        return cards;
    }

    private static void WriteFailures(StringBuilder html, List<HtmlCard> cards)
    {
        var failed = cards.Where(card => card.Status == AppTestStatus.Failed).ToList();
        if (failed.Count == 0)
            return;

        html.Append("<nav class=\"failures\" aria-labelledby=\"failures\">\n<h2 id=\"failures\">What failed</h2>\n<ul>\n");
        foreach (var card in failed)
        {
            html.Append(CultureInfo.InvariantCulture, $"<li><a href=\"#{card.Id}\">{Text(card.Main.Name)}</a>");
            foreach (var message in card.Results.Where(result => result.Status == AppTestStatus.Failed).GroupBy(result => result.Message))
                html.Append(CultureInfo.InvariantCulture, $"<p>{Wheres([.. message])}{Text(message.Key ?? "")}</p>");

            html.Append("</li>\n");
        }

        html.Append("</ul>\n</nav>\n");
    }

    private static string Wheres(IReadOnlyList<AppTestResult> results)
    {
        var words = results.Select(result => result.Kind == AppTestKind.Console ? $"{result.Where}, console" : result.Where).OfType<string>().Distinct().ToList();
        return string.Concat(words.Select(word => $"<span class=\"where\">{Text(word)}</span> "));
    }

    private static async Task WriteSectionAsync(StringBuilder html, AppTestKind kind, IReadOnlyList<HtmlCard> cards, HtmlPictures pictures, int level, CancellationToken cancellationToken)
    {
        html.Append(CultureInfo.InvariantCulture, $"<section>\n<h{level}>{Heading(kind)}</h{level}>\n");
        foreach (var card in cards)
            await card.WriteAsync(html, pictures, cancellationToken).ConfigureAwait(false);

        html.Append("</section>\n");
    }

    private static string Heading(AppTestKind kind) => kind switch
    {
        AppTestKind.Start => "Start",
        AppTestKind.Command => "Commands",
        AppTestKind.Api => "API",
        AppTestKind.Story => "Stories",
        AppTestKind.Visual => "Looks",
        AppTestKind.Accessibility => "Accessibility",
        _ => "Console",
    };
}
