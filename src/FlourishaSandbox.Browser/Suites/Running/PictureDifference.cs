using System.Globalization;

namespace FlourishaSandbox.Browser.Suites.Running;

/// <summary>How two pictures differ.</summary>
internal sealed record PictureDifference
{
    /// <summary>The width of the picture that was expected.</summary>
    public required int ExpectedWidth { get; init; }

    /// <summary>The height of the picture that was expected.</summary>
    public required int ExpectedHeight { get; init; }

    /// <summary>The width of the one that there is.</summary>
    public required int ActualWidth { get; init; }

    /// <summary>The height of the one that there is.</summary>
    public required int ActualHeight { get; init; }

    /// <summary>How many pixels differ.</summary>
    public required int Pixels { get; init; }

    /// <summary>A PNG: the picture, pale, with what differs in red.</summary>
    public required byte[] Picture { get; init; }

    /// <summary>Whether both have the same size.</summary>
    public bool HasSameSize => ExpectedWidth == ActualWidth && ExpectedHeight == ActualHeight;

    /// <summary>How many pixels differ, of 100.</summary>
    public double Percent => 100.0 * Pixels / Math.Max(1, Math.Max(ExpectedWidth, ActualWidth) * Math.Max(ExpectedHeight, ActualHeight));

    /// <summary>How many pixels differ, in words.</summary>
    /// <returns>For example <c>1,204 pixels (0.35 %)</c>.</returns>
    public string Describe() => string.Create(CultureInfo.InvariantCulture, $"{Pixels:N0} pixel{(Pixels == 1 ? "" : "s")} ({Percent:0.###} %)");
}
