using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>Which picture of an open page is wanted.</summary>
public sealed record PagePictureRequest
{
    /// <summary>The file, a full path: a PNG, or a PDF where it ends in <c>.pdf</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Whether the whole page is wanted, up to 8,000 pixels, and not only what is seen.</summary>
    public bool FullPage { get; init; }

    /// <summary>The one element that is wanted; null for the page.</summary>
    public PageElement? Element { get; init; }

    /// <summary>Whether a file that is there gives way.</summary>
    public bool Overwrite { get; init; }

    /// <summary>How long it may take, longer than nothing.</summary>
    public TimeSpan Timeout { get; init; } = PageOptions.DefaultTimeout;

    /// <summary>Whether it is printed.</summary>
    internal bool IsPdf => Path.EndsWith(".pdf", StringComparison.OrdinalIgnoreCase);

    internal void Validate()
    {
        PageOptions.RequireTime(Timeout);
        Element?.Validate();
        if (IsPdf && (FullPage || Element is not null))
            throw InvalidOption.Create("Path", Path, FullPage ? "is printed, which takes the whole page anyway" : $"is printed, and {Excerpt.Of($"{Element}")} is one element", "Leave that out, or save a PNG.");

        if (FullPage && Element is not null)
            throw InvalidOption.Create("FullPage", true, $"goes with a page, and {Element} is one element", "Leave one of the two out.");

        if (!Overwrite && File.Exists(Path))
            throw PictureFile.InTheWay(Path);
    }
}
