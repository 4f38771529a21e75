using FlourishaSandbox.Browser.Suites.Reading;
using FlourishaSandbox.Browser.Suites.Steps;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>A check of a page: where it begins, at which sizes, and the way to what is checked.</summary>
internal abstract record PageCheck : SuiteCheck
{
    /// <summary>The path that the page is opened at; null for the app's.</summary>
    public string? Path { get; init; }

    /// <summary>The sizes that it is made at, at least one.</summary>
    public required IReadOnlyList<SuiteViewport> Viewports { get; init; }

    /// <summary>Whether the page is to be light or dark; null for the suite's choice.</summary>
    public SuiteColorScheme? ColorScheme { get; init; }

    /// <summary>The steps.</summary>
    public required IReadOnlyList<StoryStep> Steps { get; init; }

    /// <summary>Reads the viewports of a check.</summary>
    private protected static IReadOnlyList<SuiteViewport> ReadViewports(SuiteFields fields, SuiteViewports known)
    {
        var names = fields.Texts("viewports");
        return names.Count == 0 ? known.Default : [.. names.Distinct().Select(name => known.Find(fields, name))];
    }

    /// <summary>Reads the steps of a check.</summary>
    private protected static IReadOnlyList<StoryStep> ReadSteps(SuiteFields fields) => [.. fields.Items("steps").Select(node => StepReader.Read(fields.Source, node))];
}
