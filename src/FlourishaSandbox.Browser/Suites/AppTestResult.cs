using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>How a check of an app came out. What the app said is quoted in it, shortened and without control characters.</summary>
public sealed record AppTestResult
{
    /// <summary>The sandbox that the app runs in.</summary>
    public required Sandbox Sandbox { get; init; }

    /// <summary>The suite's name.</summary>
    public required string Suite { get; init; }

    /// <summary>The check's name.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about.</summary>
    public required AppTestKind Kind { get; init; }

    /// <summary>How it came out.</summary>
    public required AppTestStatus Status { get; init; }

    /// <summary>How long it took.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>What was wrong, why it was skipped, or what is worth knowing although it passed; null for nothing.</summary>
    public string? Message { get; init; }

    /// <summary>The viewport's name, where it is about a page.</summary>
    public string? Viewport { get; init; }

    /// <summary>Where its request came from, where it made one.</summary>
    public AppTestOrigin? Origin { get; init; }

    /// <summary>Its tags.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Its steps, where it has some.</summary>
    public IReadOnlyList<AppTestStep> Steps { get; init; } = [];

    /// <summary>Pictures that the suite asks for, or that show what failed.</summary>
    public IReadOnlyList<AppTestPicture> Pictures { get; init; } = [];

    /// <summary>All other files that were kept because it failed, with their whole paths: the page's text and HTML, its console, a trace for Playwright's viewer.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>The viewport or the origin, as tables show it; null for neither.</summary>
    public string? Where => Viewport ?? Origin?.ToString().ToLowerInvariant();

    /// <summary>The result in a line.</summary>
    /// <returns>For example <c>Failed: Adds (phone)</c>.</returns>
    public override string ToString() => $"{Status}: {Name}{(Where is null ? "" : $" ({Where})")}";
}
