using System.Globalization;
using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>Something that is done with a page.</summary>
public sealed record PageAction
{
    private const int LongestValue = 1 << 20;
    private const int FarthestScroll = 1_000_000;

    /// <summary>What.</summary>
    public required PageActionKind Kind { get; init; }

    /// <summary>With which element; null for the page itself.</summary>
    public PageElement? Element { get; init; }

    /// <summary>The text, key, options, distance or path, as the kind has it.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>How long it may take, longer than nothing.</summary>
    public TimeSpan Timeout { get; init; } = PageOptions.DefaultTimeout;

    private string Value => Values.Count > 0 ? Values[0] : "";

    /// <summary>Checks it before anything is asked of a page.</summary>
    /// <exception cref="SandboxException"><see cref="SandboxError.InvalidOption"/>.</exception>
    internal void Validate()
    {
        PageOptions.RequireTime(Timeout);
        Element?.Validate();
        if (Element is null && Kind is (PageActionKind.Click or PageActionKind.Select or PageActionKind.Hover or PageActionKind.WaitFor or PageActionKind.WaitForHidden))
            throw InvalidOption.Create("Action", Kind, "needs an element", "Name it by CSS, text, role and name, label or test id.");

        if (Element is not null && Kind is (PageActionKind.Goto or PageActionKind.Reload))
            throw InvalidOption.Create("Action", Kind, "is done with the page and not with an element", "Leave the element out.");

        var (least, most) = Kind switch
        {
            PageActionKind.Type or PageActionKind.Press or PageActionKind.Goto => (1, 1),
            PageActionKind.Select => (1, 100),
            PageActionKind.Scroll => Element is null ? (1, 1) : (0, 0),
            _ => (0, 0),
        };
        if (Values.Count < least || Values.Count > most)
            throw InvalidOption.Create("Value", Excerpt.Of(string.Join(", ", Values)), $"is not what {Kind} takes", Kind switch
            {
                PageActionKind.Type => "Give one text.",
                PageActionKind.Press => "Give one key, such as Enter or Control+A.",
                PageActionKind.Goto => "Give one path of the app, such as /about, or a URL.",
                PageActionKind.Select => "Give the options, by their words or values.",
                PageActionKind.Scroll when Element is null => "Give top, bottom, or a number of pixels; or name the element to scroll to.",
                _ => "Give none.",
            });

        if (Values.Any(value => value.Length > LongestValue || (value.Length == 0 && Kind != PageActionKind.Type)))
            throw InvalidOption.Create("Value", Excerpt.Of(Value), "cannot be used", $"Give from 1 to {LongestValue} characters.");

        if (Kind == PageActionKind.Scroll && Element is null)
            _ = ReadScroll();
    }

    /// <summary>Where a page is scrolled to.</summary>
    /// <returns>A script that does it.</returns>
    internal string ReadScroll() => Value.ToLowerInvariant() switch
    {
        "top" => "() => window.scrollTo(0, 0)",
        "bottom" => "() => window.scrollTo(0, document.documentElement.scrollHeight)",
        var text when int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var pixels) && pixels is >= -FarthestScroll and <= FarthestScroll => string.Create(CultureInfo.InvariantCulture, $"() => window.scrollBy(0, {pixels})"),
        _ => throw InvalidOption.Create("Value", Excerpt.Of(Value), "says not where to scroll to", "Give top, bottom, or a number of pixels such as 500 or -500."),
    };

    /// <summary>What is done, for messages. Not what is typed: it may be a password.</summary>
    /// <returns>For example <c>Click button "5"</c>.</returns>
    public override string ToString() => Kind is PageActionKind.Type || Values.Count == 0 ? $"{Kind} {Element}".TrimEnd() : $"{Kind} {Excerpt.Of(string.Join(", ", Values), 80)} {Element}".TrimEnd();
}
