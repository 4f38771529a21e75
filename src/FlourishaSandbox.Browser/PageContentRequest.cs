using FlourishaSandbox.Browser.Suites;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser;

/// <summary>What is read of a page.</summary>
public sealed record PageContentRequest
{
    /// <summary>What.</summary>
    public PageContentKind Kind { get; init; }

    /// <summary>The attribute that is read in its place; null for none.</summary>
    public string? Attribute { get; init; }

    /// <summary>The elements, of which there must be one at least; null for the whole page.</summary>
    public PageElement? Element { get; init; }

    /// <summary>How long it may take, longer than nothing.</summary>
    public TimeSpan Timeout { get; init; } = PageOptions.DefaultTimeout;

    internal void Validate()
    {
        PageOptions.RequireTime(Timeout);
        Element?.Validate();
        if (Attribute is not null && (Attribute.Length is 0 or > 200 || Attribute.Any(char.IsWhiteSpace)))
            throw InvalidOption.Create("Attribute", Excerpt.Of(Attribute), "is no attribute", "Give one such as href.");

        if (Element is null && (Attribute is not null || Kind == PageContentKind.Value))
            throw InvalidOption.Create(Attribute is null ? "Content" : "Attribute", Attribute ?? Kind.ToString(), "is read of elements", "Name one by CSS, text, role and name, label or test id.");
    }
}
