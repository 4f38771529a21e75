namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>How a suite is run.</summary>
public sealed record AppTestOptions
{
    /// <summary>Which checks are made, by their names; null for all.</summary>
    public Func<string, bool>? Check { get; init; }

    /// <summary>Which checks are made, by their tags: those that have one of these. Empty for all.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>The folder that pictures and evidence are kept in. It is made when the first file comes.</summary>
    public required string EvidenceFolder { get; init; }

    /// <summary>Where the browser runs, if one is needed.</summary>
    public BrowserKind Browser { get; init; }

    /// <summary>Whether pictures take the place of those that visual checks compare with.</summary>
    public bool UpdateBaseline { get; init; }

    /// <summary>A folder for evidence that no earlier run has, named after the time.</summary>
    /// <param name="parent">The folder that it is to be in.</param>
    /// <returns>For example <c>test-results/20261125-093000</c>; it is not there yet.</returns>
    public static string NewEvidenceFolder(string parent)
    {
        var name = DateTime.Now.ToString("yyyyMMdd-HHmmss", System.Globalization.CultureInfo.InvariantCulture);
        var folder = Path.Combine(parent, name);
        for (var i = 2; Directory.Exists(folder); i++)
            folder = Path.Combine(parent, $"{name}-{i}");

        return folder;
    }
}
