using FlourishaSandbox.Browser.Suites;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>A result as JSON has it. Durations are seconds, paths are whole.</summary>
internal sealed record ResultDocument(
    string Sandbox,
    string SandboxId,
    string Suite,
    string Name,
    string Kind,
    string Status,
    double Duration,
    string? Message,
    string? Viewport,
    string? Origin,
    IReadOnlyList<string> Tags,
    IReadOnlyList<StepDocument> Steps,
    IReadOnlyList<PictureDocument> Pictures,
    IReadOnlyList<string> Evidence)
{
    /// <summary>The document for a result.</summary>
    public static ResultDocument For(AppTestResult result) => new(
        result.Sandbox.Name,
        result.Sandbox.Id,
        result.Suite,
        result.Name,
        Word(result.Kind),
        Word(result.Status),
        Math.Round(result.Duration.TotalSeconds, 3),
        result.Message,
        result.Viewport,
        result.Origin is { } origin ? Word(origin) : null,
        result.Tags,
        [.. result.Steps.Select(step => new StepDocument(step.Text, Word(step.Status), Math.Round(step.Duration.TotalSeconds, 3)))],
        [.. result.Pictures.Select(picture => new PictureDocument(picture.Name, picture.Path, picture.IsEvidence))],
        result.Evidence);

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
