using System.Text;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Reports;

/// <summary>What a run of suites found, for those who were not there: a page to look at, JUnit's XML for CI, and JSON for programs.</summary>
public sealed class AppTestReport
{
    private readonly List<AppTestResult> _results = [];

    /// <summary>Begins a report.</summary>
    /// <param name="startedAt">When the run began.</param>
    public AppTestReport(DateTimeOffset startedAt) => StartedAt = startedAt;

    /// <summary>When the run began.</summary>
    public DateTimeOffset StartedAt { get; }

    /// <summary>How long it took; until now, while it goes on.</summary>
    public TimeSpan Duration { get; set; }

    /// <summary>The results, in their order.</summary>
    public IReadOnlyList<AppTestResult> Results => _results;

    /// <summary>Adds a result.</summary>
    /// <param name="result">The result.</param>
    public void Add(AppTestResult result) => _results.Add(result);

    /// <summary>How many results came out so.</summary>
    /// <param name="status">How they came out.</param>
    /// <returns>The number.</returns>
    public int Count(AppTestStatus status) => _results.Count(result => result.Status == status);

    /// <summary>The counts in a line.</summary>
    /// <returns>For example <c>12 passed, 1 failed, 0 skipped</c>.</returns>
    public override string ToString() => $"{Count(AppTestStatus.Passed)} passed, {Count(AppTestStatus.Failed)} failed, {Count(AppTestStatus.Skipped)} skipped";

    /// <summary>The report for programs.</summary>
    /// <returns>One JSON document; docs/testing.md says what is in it.</returns>
    public string ToJson() => Encoding.UTF8.GetString(JsonReport.Create(this));

    /// <summary>Checks where reports are to be written, before anything is run.</summary>
    /// <param name="paths">Folders, which get all three, or files that end in .html, .xml or .json.</param>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>: a file's name says nothing of its kind.</exception>
    public static void Check(IEnumerable<string> paths)
    {
        ArgumentNullException.ThrowIfNull(paths);
        foreach (var path in paths)
            _ = TargetsFor(path);
    }

    /// <summary>Writes reports, each as a whole or not at all.</summary>
    /// <param name="paths">Folders, which get all three, or files that end in .html, .xml or .json.</param>
    /// <param name="cancellationToken">Ends the writing.</param>
    /// <returns>The files, with their whole paths.</returns>
    /// <exception cref="SandboxException"><see cref="SandboxError.PathNotUsable"/>: a file cannot be written. <see cref="SandboxError.InvalidOption"/>: as for <see cref="Check"/>.</exception>
    public async Task<IReadOnlyList<string>> WriteAsync(IEnumerable<string> paths, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(paths);
        var written = new List<string>();
        foreach (var (path, kind) in paths.SelectMany(TargetsFor).DistinctBy(target => target.Path))
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                var content = kind switch
                {
                    ".html" => Encoding.UTF8.GetBytes(await HtmlReport.CreateAsync(this, path, cancellationToken).ConfigureAwait(false)),
                    ".xml" => JUnitReport.Create(this),
                    _ => JsonReport.Create(this),
                };
                await AtomicFile.WriteAsync(path, content, cancellationToken).ConfigureAwait(false);
                written.Add(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new SandboxException(SandboxError.PathNotUsable, $"The report '{path}' cannot be written: {e.Message}", path, "See to its folder's permissions, or name another one.", e);
            }
        }

        return written;
    }

    private static IReadOnlyList<(string Path, string Kind)> TargetsFor(string path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new SandboxException(SandboxError.InvalidOption, "A report has no name.", path, "Give a folder, or a file that ends in .html, .xml or .json.");

        var whole = Path.GetFullPath(path);
        var extension = Path.GetExtension(whole).ToLowerInvariant();
        if (extension is ".html" or ".xml" or ".json" && !Directory.Exists(whole))
            return [(whole, extension)];

        // A folder's name can have a dot, but report.htm was hardly meant for one.
        if (extension is ".htm" or ".pdf" or ".txt" or ".md" or ".xhtml" or ".junit" or ".yaml" or ".yml" && !Directory.Exists(whole))
            throw new SandboxException(SandboxError.InvalidOption, $"The report '{path}' would have no known kind.", path, "Give a folder, or a file that ends in .html, .xml or .json.");

        return [(Path.Combine(whole, "report.html"), ".html"), (Path.Combine(whole, "junit.xml"), ".xml"), (Path.Combine(whole, "results.json"), ".json")];
    }
}
