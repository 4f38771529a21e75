using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>A report as JSON has it. Durations are seconds.</summary>
internal sealed record ReportDocument(DateTimeOffset StartedAt, double Duration, int Passed, int Failed, int Skipped, IReadOnlyList<ResultDocument> Results)
{
    /// <summary>The document for a report.</summary>
    public static ReportDocument For(AppTestReport report) => new(
        report.StartedAt,
        Math.Round(report.Duration.TotalSeconds, 3),
        report.Count(AppTestStatus.Passed),
        report.Count(AppTestStatus.Failed),
        report.Count(AppTestStatus.Skipped),
        [.. report.Results.Select(ResultDocument.For)]);
}
