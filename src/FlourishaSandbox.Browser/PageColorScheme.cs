namespace FlourishaSandbox.Browser;

/// <summary>What a person has chosen for all pages.</summary>
public enum PageColorScheme
{
    /// <summary>Dark on light.</summary>
    Light,

    /// <summary>Light on dark.</summary>
    Dark,
}
