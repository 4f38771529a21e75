using System.Globalization;
using System.Text;
using System.Xml;
using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>Writes a report as JUnit's XML, which every CI reads: a test suite for each sandbox, a test case for each result.</summary>
internal static class JUnitReport
{
    /// <summary>Writes it.</summary>
    /// <param name="report">The report.</param>
    /// <returns>XML as UTF-8.</returns>
    public static byte[] Create(AppTestReport report)
    {
        using var buffer = new MemoryStream();
        using (var xml = XmlWriter.Create(buffer, new XmlWriterSettings { Indent = true, Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), NewLineChars = "\n" }))
        {
            xml.WriteStartDocument();
            xml.WriteStartElement("testsuites");
            WriteCounts(xml, report.Results, report.Duration);
            foreach (var suite in report.Results.GroupBy(result => (result.Suite, result.Sandbox.Id)))
                WriteSuite(xml, report, [.. suite]);

            xml.WriteEndElement();
            xml.WriteEndDocument();
        }

        return buffer.ToArray();
    }

    private static void WriteSuite(XmlWriter xml, AppTestReport report, IReadOnlyList<AppTestResult> results)
    {
        xml.WriteStartElement("testsuite");
        WriteAttribute(xml, "name", results[0].Suite);
        WriteCounts(xml, results, TimeSpan.FromTicks(results.Sum(result => result.Duration.Ticks)));
        WriteAttribute(xml, "timestamp", report.StartedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture));
        xml.WriteStartElement("properties");
        WriteProperty(xml, "sandbox", results[0].Sandbox.Name);
        WriteProperty(xml, "sandbox.id", results[0].Sandbox.Id);
        WriteProperty(xml, "sandbox.image", results[0].Sandbox.Image);
        xml.WriteEndElement();
        foreach (var result in results)
            WriteCase(xml, result);

        xml.WriteEndElement();
    }

    private static void WriteCase(XmlWriter xml, AppTestResult result)
    {
        xml.WriteStartElement("testcase");
        WriteAttribute(xml, "name", result.Where is null ? result.Name : $"{result.Name} ({result.Where})");
        WriteAttribute(xml, "classname", $"{result.Suite}.{result.Kind}");
        WriteAttribute(xml, "time", Seconds(result.Duration));
        if (result.Status == AppTestStatus.Failed)
        {
            xml.WriteStartElement("failure");
            WriteAttribute(xml, "message", result.Message ?? "");
            WriteAttribute(xml, "type", $"{result.Kind}Failed");
            WriteText(xml, string.Join('\n', result.Steps.Select(step => $"{step.Status}: {step.Text}").Prepend(result.Message ?? "")));
            xml.WriteEndElement();
        }
        else if (result.Status == AppTestStatus.Skipped)
        {
            xml.WriteStartElement("skipped");
            WriteAttribute(xml, "message", result.Message ?? "");
            xml.WriteEndElement();
        }

        // In the form in which Jenkins, GitLab and others find files that belong to a test.
        var lines = result.Pictures.Select(picture => picture.Path).Concat(result.Evidence).Select(path => $"[[ATTACHMENT|{path}]]").ToList();
        if (result is { Status: AppTestStatus.Passed, Message: { } note })
            lines.Insert(0, note);

        if (lines.Count > 0)
        {
            xml.WriteStartElement("system-out");
            WriteText(xml, string.Join('\n', lines));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    private static void WriteCounts(XmlWriter xml, IReadOnlyList<AppTestResult> results, TimeSpan duration)
    {
        WriteAttribute(xml, "tests", results.Count.ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "failures", results.Count(result => result.Status == AppTestStatus.Failed).ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "errors", "0");
        WriteAttribute(xml, "skipped", results.Count(result => result.Status == AppTestStatus.Skipped).ToString(CultureInfo.InvariantCulture));
        WriteAttribute(xml, "time", Seconds(duration));
    }

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.000", CultureInfo.InvariantCulture);

    private static void WriteProperty(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        WriteAttribute(xml, "name", name);
        WriteAttribute(xml, "value", value);
        xml.WriteEndElement();
    }

    private static void WriteAttribute(XmlWriter xml, string name, string value) => xml.WriteAttributeString(name, Clean(value));

    private static void WriteText(XmlWriter xml, string text) => xml.WriteString(Clean(text));

    // XML has no way to write most control characters, and a name from an app may have them, or half of a surrogate pair.
    private static string Clean(string text)
    {
        var clean = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && XmlConvert.IsXmlSurrogatePair(text[i + 1], text[i]))
                clean.Append(text[i]).Append(text[++i]);
            else
                clean.Append(XmlConvert.IsXmlChar(text[i]) ? text[i] : '\uFFFD');
        }

        return clean.ToString();
    }
}
