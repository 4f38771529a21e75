namespace FlourishaSandbox.Browser;

/// <summary>What of an element is read.</summary>
public enum PageContentKind
{
    /// <summary>The words that can be seen.</summary>
    Text,

    /// <summary>Its HTML, with itself.</summary>
    Html,

    /// <summary>What is in a field.</summary>
    Value,

    /// <summary>What people get who do not see it: roles and names, as an outline in YAML.</summary>
    Accessibility,
}
