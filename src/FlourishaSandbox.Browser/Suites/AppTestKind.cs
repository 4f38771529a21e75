namespace FlourishaSandbox.Browser.Suites;

/// <summary>What a check of an app is about.</summary>
public enum AppTestKind
{
    /// <summary>That the app runs and answers at all.</summary>
    Start,

    /// <summary>A command in the sandbox.</summary>
    Command,

    /// <summary>A request and its answer.</summary>
    Api,

    /// <summary>What a person does on a page, and sees there.</summary>
    Story,

    /// <summary>How a page looks, compared with a picture of it that was found good.</summary>
    Visual,

    /// <summary>Whether a page can be used by everybody.</summary>
    Accessibility,

    /// <summary>What a page wrote to its console, and requests of it that failed.</summary>
    Console,
}
