using System.IO.Compression;
using System.Text.RegularExpressions;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Browser.Tests.Driving;

namespace FlourishaSandbox.Browser.Tests.Suites;

/// <summary>An app that is not as its suite expects, by every kind of check: each says what was there instead.</summary>
[Collection(GuestBook.Collection)]
[Trait("Category", BrowserHouse.Category)]
public sealed class FailingSuiteTests(GuestBook book) : IDisposable
{
    private static readonly Dictionary<string, string> s_messages = new()
    {
        ["exit code"] = "The exit code is 4, expected 0. It wrote \"no such thing\".",
        ["output"] = "The output is \"41\", expected \"42\".",
        ["error output"] = "The error output is \"careful\", expected empty.",
        ["too long"] = "It did not end within 1 s. It wrote \"waiting\".",
        ["nothing to capture"] = "There is no $.b in the output to capture: $ has a.",
        ["status"] = "The status is 500, expected 200 to 299. The answer was \"out of order\".",
        ["another status"] = "The status is 404, expected 200 or 201. The answer was \"nothing here\".",
        ["header"] = "The header Content-Type is \"application/json\", expected \"text/html\".",
        ["no header"] = "The header X-Nothing is not there.",
        ["json value"] = "$.count is 0, expected 7.",
        ["json place"] = "$.me.age is not there; $.me has admin, rank.",
        ["json item"] = "$.guests[3].name is not there; $.guests is an empty list.",
        ["json no object"] = "$.count.of is not there; $.count is 0.",
        ["json above"] = "$.count is 0, expected above 9.",
        ["json length"] = "$.guests has the length 0, expected 3: [].",
        ["json contains"] = "$.guests does not contain \"Ada\": [].",
        ["json there"] = "$.me is there: {\"admin\":false,\"rank\":null}.",
        ["no json"] = "The answer is no JSON: \"Hello World\uFFFD[31m \uFFFDevil\".",
        ["json twice"] = "The answer is no JSON, as a name comes twice in it: \"{\"a\": 1, \"a\": 2}\".",
        ["text contains"] = "The answer is \"Hello World\uFFFD[31m \uFFFDevil \", which does not contain \"Good bye\".",
        ["text matches"] = "The answer is \"Hello World\uFFFD[31m \uFFFDevil \", which does not match '^\\d+$'.",
        ["endless"] = "The answer has more than 8 MiB, and no more is read.",
        ["slow"] = "It did not end within 1 s.",
        ["not captured"] = "The variable 'b' has no value yet: the check that captures it failed, was left out, or comes later.",
        ["no button"] = "There is no button \"Three\". There are button \"One\", button \"Two\".",
        ["no css"] = "There is no #nothing. There are form#form, input#name, select#mood, p#status, button#help, div#colour, p#end.",
        ["no text"] = "There is no text \"Imprint\". There are \"About\", \"A book for guests.\".",
        ["no label"] = "There is no label \"Your age\". There are \"Your name\", \"Mood glad sad\".",
        ["no test id"] = "There is no test id \"shape\". There is \"colour\".",
        ["several"] = "2 elements are button, and one is meant. They are button \"One\", button \"Two\". Narrow it down, or add nth.",
        ["hidden"] = "It was not done within 1 s. Element is not visible.",
        ["text"] = "The text of h1 is \"Guest book\", expected \"Visitors\".",
        ["page text"] = "The page's text is \"About A book for guests.\", which does not contain \"Nothing of the kind\".",
        ["visible"] = "There is #secret, but it cannot be seen.",
        ["not hidden"] = "h1 can be seen, which it should not: \"Guest book\".",
        ["count"] = "The number of button is 2, expected 5.",
        ["value"] = "The value of #mood is \"g\", expected \"s\".",
        ["attribute"] = "The attribute title of test id \"colour\" is \"a colour\", expected \"a shape\".",
        ["url"] = "The page's URL is \"/\", expected \"/elsewhere\".",
        ["title"] = "The page's title is \"Guest book\", which does not contain \"Visitors\".",
        ["option"] = "#mood has no option \"furious\". It has glad, sad.",
        ["script value"] = "The script's value is 42, expected 41.",
        ["script throws"] = "ReferenceError: nothing is not defined.",
        ["not found"] = "/missing answered with status 404 (Not Found).",
        ["poor page"] = "2 rules are broken: image-alt (critical, 1 element): Images must have alternative text, at img; color-contrast (serious, 1 element): Elements must meet minimum color contrast ratio thresholds, at p.",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_fails_says_what_was_there_instead_and_keeps_evidence()
    {
        var results = await book.RunAsync(_folder.Path, GuestBook.Suite("failing"));
        var errors = results.Where(result => result.Kind == AppTestKind.Console && result.Status == AppTestStatus.Failed).ToDictionary(result => result.Name, result => Regex.Replace(result.Message!, @":\d{2,5}/", ":PORT/"));
        Assert.Equal("http://127.0.0.1:PORT/missing failed: status 404", errors["not found"]);
        Assert.Equal("3 errors: it hurts | Error: thrown     at http://127.0.0.1:PORT/noisy:1:263 | http://127.0.0.1:PORT/missing failed: status 404", errors["noise"]);
        Assert.Equal("http://169.254.169.254/ failed: net::ERR_SOCKS_CONNECTION_FAILED", errors["elsewhere"]);
        Assert.Equal(3, errors.Count);

        Assert.Equal(["The app answers", "elsewhere", "noise"], results.Where(result => result.Kind != AppTestKind.Console && result.Status == AppTestStatus.Passed).Select(result => result.Name));
        var failed = results.Where(result => result.Kind != AppTestKind.Console && result.Status == AppTestStatus.Failed).ToList();
        Assert.Equal(s_messages.Select(pair => $"{pair.Key}: {pair.Value}"), failed.Select(result => $"{result.Name}: {result.Message}"));

        // What floods the console is cut off, and says so.
        var console = await File.ReadAllLinesAsync(failed.Single(result => result.Name == "no button").Evidence.Single(path => path.EndsWith("console.txt", StringComparison.Ordinal)), BrowserHouse.Cancellation);
        Assert.Contains("[dialog] alert: boo", console);
        Assert.InRange(console.Length, 400, 510);
        Assert.Matches("^and \\d+ more, which were not kept$", console[^1]);

        foreach (var story in failed.Where(result => result.Viewport is not null))
            AssertEvidence(story);

        Assert.All(results.Where(result => result.Viewport is null || result.Status == AppTestStatus.Passed), result => Assert.Empty(result.Evidence));
    }

    private static void AssertEvidence(AppTestResult result)
    {
        var picture = Assert.Single(result.Pictures);
        Assert.Equal(("What was there", true), (picture.Name, picture.IsEvidence));
        Assert.Equal((1280, 800), Png.SizeOf(picture.Path));

        var files = result.Evidence.Select(path => Path.GetFileName(path)).ToList();
        Assert.Superset(new HashSet<string> { "page.txt", "page.html", "trace.zip" }, files.ToHashSet());
        Assert.Equal(result.Kind == AppTestKind.Accessibility, files.Contains("accessibility.txt"));
        using var trace = ZipFile.OpenRead(result.Evidence.Single(path => path.EndsWith("trace.zip", StringComparison.Ordinal)));
        Assert.Contains(trace.Entries, entry => entry.FullName.EndsWith(".trace", StringComparison.Ordinal) && entry.Length > 0);

        // The one that failed, and none after it.
        Assert.Equal("open ", result.Steps[0].Text[..5]);
        Assert.Equal(AppTestStatus.Failed, result.Steps.First(step => step.Status != AppTestStatus.Passed).Status);
        Assert.All(result.Steps.SkipWhile(step => step.Status != AppTestStatus.Failed).Skip(1), step => Assert.Equal(AppTestStatus.Skipped, step.Status));
    }
}
