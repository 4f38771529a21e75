using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>Which picture of which page is wanted.</summary>
public sealed record PageScreenshotRequest
{
    /// <summary>The app's port in its sandbox, 1 to 65535.</summary>
    public required int Port { get; init; }

    /// <summary>The file, a full path; a PNG is written there.</summary>
    public required string Path { get; init; }

    /// <summary>The page: a path of the app, such as <c>/about</c>.</summary>
    public string Page { get; init; } = "/";

    /// <summary><c>phone</c>, <c>tablet</c>, <c>desktop</c>, or a size from 100x100 to 4000x4000 such as <c>390x844</c>.</summary>
    public string Viewport { get; init; } = "desktop";

    /// <summary>Whether the whole page is wanted, up to 8,000 pixels, and not only what is seen at first.</summary>
    public bool FullPage { get; init; }

    /// <summary>Whether a file that is there gives way.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Where the browser runs.</summary>
    public BrowserKind Browser { get; init; }

    internal SuiteViewport Validate()
    {
        if (!Page.StartsWith('/') || Page.StartsWith("//", StringComparison.Ordinal) || Page.Contains('\\', StringComparison.Ordinal))
            throw InvalidOption.Create("Page", Page, "is no path of the app", "Give one that begins with '/', for example /about.");

        if (!Overwrite && File.Exists(Path))
            throw InTheWay(Path);

        return SuiteViewport.Known.FirstOrDefault(known => known.Name.Equals(Viewport, StringComparison.OrdinalIgnoreCase)) ?? SuiteViewport.Parse(Viewport, Viewport)
            ?? throw InvalidOption.Create("Viewport", Viewport, "is no viewport", "Give phone, tablet, desktop, or a size from 100x100 to 4000x4000 such as 390x844.");
    }

    internal static SandboxException InTheWay(string path) => new(SandboxError.PathNotUsable, $"There is something at '{path}' already.", path, "Give another path, or -Force to replace it.");
}
