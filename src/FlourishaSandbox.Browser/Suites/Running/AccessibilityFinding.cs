namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>A rule of axe-core that a page breaks.</summary>
internal sealed record AccessibilityFinding
{
    /// <summary>The rule, such as <c>color-contrast</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>How much it is in the way, such as <c>serious</c>.</summary>
    public string? Impact { get; init; }

    /// <summary>What is wrong, in a sentence.</summary>
    public string Help { get; init; } = "";

    /// <summary>How many elements break it.</summary>
    public int Count { get; init; }

    /// <summary>The first of them, as CSS and what is wrong with each.</summary>
    public IReadOnlyList<string> Elements { get; init; } = [];
}
