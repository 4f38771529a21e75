namespace FlourishaSandbox;

/// <summary>What of a page is wanted.</summary>
public enum PageContentForm
{
    /// <summary>The words that can be seen.</summary>
    Text,

    /// <summary>HTML.</summary>
    Html,

    /// <summary>What is in a field.</summary>
    Value,

    /// <summary>What people get who do not see it: roles and names, as an outline.</summary>
    Accessibility,

    /// <summary>What the page wrote to its console, and what was kept from it: dialogs, windows, downloads.</summary>
    Console,

    /// <summary>Its requests that failed.</summary>
    FailedRequest,
}
