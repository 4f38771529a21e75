namespace FlourishaSandbox.Browser.Suites;

/// <summary>What a person has chosen for all pages.</summary>
internal enum SuiteColorScheme
{
    /// <summary>Dark on light.</summary>
    Light,

    /// <summary>Light on dark.</summary>
    Dark,
}
