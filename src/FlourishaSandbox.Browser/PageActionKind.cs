namespace FlourishaSandbox.Browser;

/// <summary>What is done with a page.</summary>
public enum PageActionKind
{
    /// <summary>An element is clicked.</summary>
    Click,

    /// <summary>A field is filled, in place of what is in it; without an element, keys are typed where the focus is.</summary>
    Type,

    /// <summary>A key is pressed, or several together, such as <c>Enter</c> or <c>Control+A</c>.</summary>
    Press,

    /// <summary>Options of a list are chosen, by their words or values.</summary>
    Select,

    /// <summary>The pointer is moved over an element.</summary>
    Hover,

    /// <summary>The page is scrolled: to an element, to <c>top</c> or <c>bottom</c>, or by a number of pixels.</summary>
    Scroll,

    /// <summary>It is waited until an element can be seen.</summary>
    WaitFor,

    /// <summary>It is waited until an element can no longer be seen.</summary>
    WaitForHidden,

    /// <summary>A path of the app, or a URL that the page may open, is opened in its place.</summary>
    Goto,

    /// <summary>The page is loaded anew.</summary>
    Reload,
}
