namespace FlourishaSandbox.Browser.Suites;

/// <summary>How much something is in the way of people, as axe-core says it.</summary>
internal enum AccessibilityImpact
{
    /// <summary>An annoyance.</summary>
    Minor,

    /// <summary>Some people have trouble.</summary>
    Moderate,

    /// <summary>Some people are shut out of something.</summary>
    Serious,

    /// <summary>Some people are shut out.</summary>
    Critical,
}
