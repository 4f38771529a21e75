using FlourishaSandbox.Browser.Reports;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Tests.Reports;

/// <summary>Results for reports, made up.</summary>
internal static class ReportSamples
{
    /// <summary>A PNG of one pixel.</summary>
    public static byte[] Pixel { get; } = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    public static Sandbox Sandbox(string name) => new()
    {
        Id = new string('a', 64),
        Name = name,
        Image = name,
        Owner = "somebody",
        Engine = "unix:///var/run/docker.sock",
        State = SandboxState.Running,
        CreatedAt = DateTimeOffset.UnixEpoch,
    };

    public static AppTestResult Result(Sandbox sandbox) =>
        new() { Sandbox = sandbox, Suite = "suite", Name = "name", Kind = AppTestKind.Story, Status = AppTestStatus.Failed, Viewport = "phone", Duration = TimeSpan.FromSeconds(1.5) };

    /// <summary>A result of each status, all of whose words are the same.</summary>
    public static AppTestReport Hostile(TemporaryFolder folder, string words)
    {
        Directory.CreateDirectory(folder["evidence"]);
        File.WriteAllBytes(folder["evidence/picture.png"], Pixel);
        var result = Result(Sandbox(words)) with
        {
            Suite = words,
            Name = words,
            Message = words,
            Tags = [words],
            Steps = [new AppTestStep(words, AppTestStatus.Failed, TimeSpan.FromMilliseconds(5)), new AppTestStep(words, AppTestStatus.Skipped, TimeSpan.Zero)],
            Pictures = [new AppTestPicture(words, folder["evidence/picture.png"], IsEvidence: true)],
            Evidence = [folder["evidence/trace.zip"], folder["evidence/"] + words.Replace('\0', ' ')],
        };
        var report = new AppTestReport(DateTimeOffset.UnixEpoch) { Duration = TimeSpan.FromSeconds(90) };
        report.Add(result);
        report.Add(result with { Kind = AppTestKind.Console, Duration = TimeSpan.Zero, Steps = [], Pictures = [], Evidence = [] });
        report.Add(result with { Kind = AppTestKind.Api, Status = AppTestStatus.Passed, Viewport = null, Origin = AppTestOrigin.Inside, Duration = TimeSpan.Zero });
        report.Add(result with { Kind = AppTestKind.Command, Status = AppTestStatus.Skipped, Viewport = null, Duration = TimeSpan.Zero });
        return report;
    }
}
