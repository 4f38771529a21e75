namespace FlourishaSandbox.Browser;

/// <summary>Where the browser runs that shows a page.</summary>
public enum BrowserKind
{
    /// <summary>In a sandbox of its own, so that a hostile page meets a sandbox too.</summary>
    Sandbox,

    /// <summary>On this machine: an installed Chromium, Chrome or Edge, with a profile that is thrown away afterwards.</summary>
    Host,
}
