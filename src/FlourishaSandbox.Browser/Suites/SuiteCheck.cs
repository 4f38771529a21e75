namespace FlourishaSandbox.Browser.Suites;

/// <summary>A check as a suite describes it.</summary>
internal abstract record SuiteCheck
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its tags.</summary>
    public required IReadOnlyList<string> Tags { get; init; }

    /// <summary>How long it may take; null for as long as the suite says.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>What it is about.</summary>
    public abstract AppTestKind Kind { get; }
}
