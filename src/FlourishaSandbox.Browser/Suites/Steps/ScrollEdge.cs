namespace FlourishaSandbox.Browser.Suites.Steps;

/// <summary>Where a page begins and ends.</summary>
internal enum ScrollEdge
{
    /// <summary>Its beginning.</summary>
    Top,

    /// <summary>Its end.</summary>
    Bottom,
}
