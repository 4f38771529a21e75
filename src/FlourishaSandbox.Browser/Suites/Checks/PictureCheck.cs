using FlourishaSandbox.Browser.Suites.Reading;

namespace FlourishaSandbox.Browser.Suites.Checks;

/// <summary>How a page looks, compared with a picture that was found good.</summary>
internal sealed record PictureCheck : PageCheck
{
    /// <summary>How many pixels may differ where nothing is said, in percent.</summary>
    public const double DefaultTolerance = 0.1;

    /// <summary>How far a pixel's colour may be off where nothing is said, of 1.</summary>
    public const double DefaultThreshold = 0.1;

    /// <inheritdoc/>
    public override AppTestKind Kind => AppTestKind.Visual;

    /// <summary>The element that is compared; null for the page.</summary>
    public ElementSelector? Of { get; init; }

    /// <summary>Whether the whole page is compared, and not only what can be seen at first.</summary>
    public bool FullPage { get; init; }

    /// <summary>Elements that are covered before the picture is taken, because they are different each time.</summary>
    public required IReadOnlyList<ElementSelector> Mask { get; init; }

    /// <summary>How many pixels may differ, in percent, 0 to 100.</summary>
    public double Tolerance { get; init; }

    /// <summary>How far a pixel's colour may be off before it differs, 0 for not at all to 1.</summary>
    public double Threshold { get; init; }

    /// <summary>Reads one.</summary>
    public static PictureCheck Read(SuiteSource source, SuiteNode node, SuiteViewports viewports)
    {
        var fields = new SuiteFields(source, node, SuiteShapes.Picture);
        var of = fields.Find("of");
        if (of is not null && fields.Flag("fullPage") == true)
            throw source.Fault(of.Line, "both an element and the full page are to be compared", "Remove 'of' or 'fullPage'.");

        return new PictureCheck
        {
            Name = fields.RequireText("name"),
            Tags = fields.Texts("tags"),
            Timeout = fields.Span("timeout"),
            Path = fields.Path("path"),
            Viewports = ReadViewports(fields, viewports),
            ColorScheme = fields.Word<SuiteColorScheme>("colorScheme"),
            Steps = ReadSteps(fields),
            Of = of is null ? null : ElementSelector.Read(source, of),
            FullPage = fields.Flag("fullPage") ?? false,
            Mask = fields.Find("mask") is SuiteList list ? [.. list.Items.Select(item => ElementSelector.Read(source, item))] : fields.Find("mask") is { } one ? [ElementSelector.Read(source, one)] : [],
            Tolerance = fields.Number("tolerance", 0, 100) ?? DefaultTolerance,
            Threshold = fields.Number("threshold", 0, 1) ?? DefaultThreshold,
        };
    }
}
