using System.Globalization;

namespace FlourishaSandbox.Browser.Suites;

/// <summary>The size of a page in a browser.</summary>
/// <param name="Name">Its name in the suite.</param>
/// <param name="Width">CSS pixels.</param>
/// <param name="Height">CSS pixels.</param>
internal sealed record SuiteViewport(string Name, int Width, int Height)
{
    /// <summary>Those that every suite knows.</summary>
    public static IReadOnlyList<SuiteViewport> Known { get; } = [new("phone", 390, 844), new("tablet", 820, 1180), new("desktop", 1280, 800)];

    /// <summary>The one that is taken where a suite names none.</summary>
    public static SuiteViewport Default => Known[^1];

    /// <summary>Whether fingers are meant: narrower than a small laptop.</summary>
    public bool IsTouch => Width < 1000;

    /// <summary>Reads a size such as <c>390x844</c>.</summary>
    /// <param name="name">The viewport's name.</param>
    /// <param name="size">The size.</param>
    /// <returns>The viewport; null where it is no size from 100 to 4,000 each way.</returns>
    public static SuiteViewport? Parse(string name, string size)
    {
        var parts = size.Split('x', 'X');
        return parts.Length == 2
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var height)
            && width is >= 100 and <= 4000 && height is >= 100 and <= 4000
            ? new SuiteViewport(name, width, height)
            : null;
    }
}
