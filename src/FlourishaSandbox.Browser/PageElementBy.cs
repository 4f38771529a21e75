namespace FlourishaSandbox.Browser;

/// <summary>By what an element of a page is meant.</summary>
public enum PageElementBy
{
    /// <summary>A CSS selector.</summary>
    Css,

    /// <summary>Words that can be seen.</summary>
    Text,

    /// <summary>What it is for people who do not see it, such as <c>button</c>, and what it is called.</summary>
    Role,

    /// <summary>The words beside a field.</summary>
    Label,

    /// <summary>The attribute <c>data-testid</c>.</summary>
    TestId,
}
