using System.Text.Json;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>Writes a report for programs.</summary>
internal static class JsonReport
{
    /// <summary>Writes it.</summary>
    /// <param name="report">The report.</param>
    /// <returns>JSON as UTF-8.</returns>
    public static byte[] Create(AppTestReport report) => JsonSerializer.SerializeToUtf8Bytes(ReportDocument.For(report), ReportJson.Default.ReportDocument);
}
