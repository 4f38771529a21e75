using System.Xml.Linq;

namespace FlourishaSandbox.Cli.Tests.EndToEnd;

/// <summary>The examples' demos in bash, from the first line to the last: a sandbox, a gateway, a browser, a report, and nothing left.</summary>
public sealed class DemoTests : EngineTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(8);

    private static string Staged { get; } = Path.Combine(Repository.Root, "output", "bin");

    public static TheoryData<string, string> Demos => new()
    {
        { "calculator", "5 + 3 is 8, and is remembered" },
        { "todo", "A todo is added, done and cleared" },
    };

    [Theory]
    [MemberData(nameof(Demos))]
    public async Task A_demo_runs_and_writes_its_report(string example, string story)
    {
        Assert.SkipUnless(File.Exists(Path.Combine(Staged, "browser", "docker-sandbox-browser")), "The programs beside the CLI are not staged: run ./build.sh build.");
        await RequireImagesAsync("fullstack", "react", "browser");
        var results = Path.Combine(Folder, "results");
        using var process = CliProgram.StartProgram(Path.Combine(Repository.Root, "docs", "examples", example, "demo.sh"), [results], new Dictionary<string, string?> { ["DOCKER_SANDBOX"] = Path.Combine(Staged, "docker-sandbox") });
        process.StandardInput.Close();
        var result = (await CliProgram.FinishAsync(process, s_patience)).Expect(0);
        Assert.Matches(@"(?m)^checks: \d+ passed, 0 failed$", result.Output);
        var cases = XDocument.Load(Path.Combine(results, "junit.xml")).Descendants("testcase").ToList();
        Assert.Contains(cases, one => one.Attribute("name")!.Value.Contains(story, StringComparison.Ordinal));
        Assert.DoesNotContain(cases, one => one.Element("failure") is not null || one.Element("error") is not null || one.Element("skipped") is not null);

        // The pictures are in the page itself: at the size of a phone, and of a desktop.
        var page = await File.ReadAllTextAsync(Path.Combine(results, "report.html"), TestContext.Current.CancellationToken);
        Assert.Contains("src=\"data:image/png;base64,", page, StringComparison.Ordinal);
        Assert.Contains("width=\"390\"", page, StringComparison.Ordinal);
        Assert.Contains("width=\"1280\"", page, StringComparison.Ordinal);
    }

    // Here and not in the demo, where it would count for a failure of its own.
    private async Task RequireImagesAsync(params string[] templates)
    {
        foreach (var template in templates)
        {
            using var process = Start("images", "build", template, "--json");
            process.StandardInput.Close();
            var result = await CliProgram.FinishAsync(process, s_patience);
            Assert.SkipWhen(result.ExitCode != 0 && result.Error.Contains("ImageBuildFailed", StringComparison.Ordinal), $"The template {template} cannot be built here: {result.Error}");
            result.Expect(0);
        }
    }
}
