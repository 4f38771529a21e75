using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FlourishaSandbox.Browser.Reports;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Reports;

/// <summary>Reports, of results whose every text comes from somebody who means harm.</summary>
public sealed class ReportTests : IDisposable
{
    private const string Evil = "</style><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & ]]> \u0000\u001b[31m\ud800 \u202e";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task The_page_has_everything_in_it_and_nothing_gets_out_of_its_place()
    {
        var html = await WriteAsync(ReportSamples.Hostile(_folder, Evil), "report.html");

        // One file that asks nobody for anything, runs nothing, and is guarded where the escaping might have missed something.
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotMatch(@"<(?!/?(html|head|meta|title|style|body|header|main|footer|nav|section|details|summary|div|dl|dt|dd|span|figure|figcaption|img|p|h1|h2|h3|ul|ol|li|a|code|time|i|!DOCTYPE)\b)", html);
        Assert.All(Regex.Matches(html, "<img [^>]*>").Select(match => match.Value), image => Assert.Matches("^<img src=\"data:image/png;base64,[A-Za-z0-9+/=]+\" width=\"\\d+\" height=\"\\d+\" alt=\"[^\"<>]*\" loading=\"lazy\">$", image));
        Assert.All(Regex.Matches(html, "href=\"([^\"]*)\"").Select(match => match.Groups[1].Value), link => Assert.StartsWith("#check-", link, StringComparison.Ordinal));
        Assert.DoesNotMatch("(src|href|url|action|srcset)\\s*[=(]\\s*[\"']?(https?:|//)", html);
        Assert.DoesNotMatch(" on[a-z]+=", Regex.Replace(html, "&[^;]+;|onerror=alert", ""));
        Assert.DoesNotContain("style=", html, StringComparison.Ordinal);
        Assert.DoesNotMatch("[\\x00-\\x08\\x0b-\\x1f\\u202e]", html);
        Assert.Contains("&lt;/style&gt;&lt;script&gt;alert(1)&lt;/script&gt;", html, StringComparison.Ordinal);

        // The policy lets the one style sheet in, and nothing else.
        var style = Regex.Match(html, "<style>(.*?)</style>", RegexOptions.Singleline).Groups[1].Value;
        var hash = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(style)));
        Assert.Contains($"content=\"default-src 'none'; img-src data:; style-src 'sha256-{hash}'; base-uri 'none'; form-action 'none'\"", html, StringComparison.Ordinal);
        Assert.Single(Regex.Matches(html, "<style"));
        Assert.DoesNotContain("import", style, StringComparison.Ordinal);

        // Every link leads somewhere.
        Assert.All(Regex.Matches(html, "href=\"#([^\"]*)\"").Select(match => match.Groups[1].Value), id => Assert.Contains($"id=\"{id}\"", html, StringComparison.Ordinal));
        Assert.Contains("2 of 4 failed", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pictures_that_cannot_be_shown_are_told_of()
    {
        var sandbox = ReportSamples.Sandbox("t");
        _folder.Write("evidence/fake.png", "<svg onload=alert(1)>");
        var report = new AppTestReport(DateTimeOffset.UnixEpoch);
        report.Add(ReportSamples.Result(sandbox) with { Pictures = [new AppTestPicture("gone", _folder["evidence/gone.png"], false), new AppTestPicture("fake", _folder["evidence/fake.png"], true)] });
        var html = await WriteAsync(report, "report.html");
        Assert.Contains("evidence/gone.png: not to be read any more", html, StringComparison.Ordinal);
        Assert.Contains("evidence/fake.png: no picture", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onload", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_XML_is_what_JUnit_writes_whatever_the_names_are()
    {
        var report = ReportSamples.Hostile(_folder, Evil);
        var document = XDocument.Parse(await WriteAsync(report, "junit.xml"));
        var root = document.Root!;
        Assert.Equal("testsuites", root.Name.LocalName);
        Assert.Equal(("4", "2", "0", "1"), (Value(root, "tests"), Value(root, "failures"), Value(root, "errors"), Value(root, "skipped")));
        var suite = Assert.Single(root.Elements());
        Assert.Equal(["testsuite", "properties", "testcase", "testcase", "testcase", "testcase"], suite.Elements().Select(element => element.Name.LocalName).Prepend(suite.Name.LocalName));
        Assert.Equal("1970-01-01T00:00:00", Value(suite, "timestamp"));
        Assert.Equal("1.500", Value(suite, "time"));

        // What CI systems go by: every case has a class, a name and a time, and at most one outcome, then what was written.
        Assert.All(suite.Elements("testcase"), one =>
        {
            Assert.Equal(["name", "classname", "time"], one.Attributes().Select(attribute => attribute.Name.LocalName));
            Assert.Matches(@"^\d+\.\d{3}$", Value(one, "time"));
            Assert.InRange(one.Elements().Count(element => element.Name.LocalName is "failure" or "skipped"), 0, 1);
            Assert.All(one.Elements(), element => Assert.Contains(element.Name.LocalName, (string[])["failure", "skipped", "system-out"]));
        });
        var failure = suite.Descendants("failure").First();
        Assert.Equal("StoryFailed", Value(failure, "type"));
        Assert.Contains("]]> \uFFFD\uFFFD[31m\uFFFD", Value(failure, "message"), StringComparison.Ordinal);
        Assert.Contains("[[ATTACHMENT|" + _folder["evidence/picture.png"] + "]]", suite.Descendants("system-out").First().Value, StringComparison.Ordinal);
        Assert.Equal(4, suite.Elements("testcase").Select(one => (Value(one, "classname"), Value(one, "name"))).Distinct().Count());
    }

    [Fact]
    public async Task The_JSON_says_all_that_the_results_do()
    {
        using var document = JsonDocument.Parse(await WriteAsync(ReportSamples.Hostile(_folder, Evil), "results.json"));
        var root = document.RootElement;
        Assert.Equal((4, 1, 2, 1), (root.GetProperty("results").GetArrayLength(), root.GetProperty("passed").GetInt32(), root.GetProperty("failed").GetInt32(), root.GetProperty("skipped").GetInt32()));
        var story = root.GetProperty("results")[0];
        Assert.Equal(["sandbox", "sandboxId", "suite", "name", "kind", "status", "duration", "message", "viewport", "tags", "steps", "pictures", "evidence"], story.EnumerateObject().Select(property => property.Name));
        Assert.Equal(("story", "failed", "phone", 1.5), (story.GetProperty("kind").GetString(), story.GetProperty("status").GetString(), story.GetProperty("viewport").GetString(), story.GetProperty("duration").GetDouble()));
        Assert.Equal(_folder["evidence/picture.png"], story.GetProperty("pictures")[0].GetProperty("path").GetString());
        Assert.Equal("skipped", story.GetProperty("steps")[1].GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_folder_gets_all_three_and_a_name_says_which()
    {
        var report = ReportSamples.Hostile(_folder, "x");
        Assert.Equal(["report.html", "junit.xml", "results.json"], (await report.WriteAsync([_folder["a/b"]], TestContext.Current.CancellationToken)).Select(path => Path.GetFileName(path)));
        Assert.Equal([_folder["c/x.HTML"], _folder["c/y.xml"]], await report.WriteAsync([_folder["c/x.HTML"], _folder["c/y.xml"], _folder["c/y.xml"]], TestContext.Current.CancellationToken));
        Assert.Equal(["x.HTML", "y.xml"], Directory.GetFiles(_folder["c"]).Select(path => Path.GetFileName(path)).Order()); // and nothing half written

        Assert.Equal(SandboxError.InvalidOption, Assert.Throws<SandboxException>(() => AppTestReport.Check([_folder["report.htm"]])).Error);
        Assert.Equal(SandboxError.InvalidOption, Assert.Throws<SandboxException>(() => AppTestReport.Check([" "])).Error);
        Assert.Equal(SandboxError.PathNotUsable, (await Assert.ThrowsAsync<SandboxException>(() => report.WriteAsync([_folder["c/y.xml/z.html"]], TestContext.Current.CancellationToken))).Error);
    }

    private static string Value(XElement element, string name) => element.Attribute(name)!.Value;

    private async Task<string> WriteAsync(AppTestReport report, string name)
    {
        var written = Assert.Single(await report.WriteAsync([_folder[name]], TestContext.Current.CancellationToken));
        return await File.ReadAllTextAsync(written, new UTF8Encoding(false, throwOnInvalidBytes: true), TestContext.Current.CancellationToken);
    }
}
