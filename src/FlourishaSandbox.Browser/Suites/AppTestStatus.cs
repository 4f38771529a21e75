namespace FlourishaSandbox.Browser.Suites;

/// <summary>How a check came out.</summary>
public enum AppTestStatus
{
    /// <summary>As the suite expects.</summary>
    Passed,

    /// <summary>Not as the suite expects; the message says what was there instead.</summary>
    Failed,

    /// <summary>Not made; the message says why.</summary>
    Skipped,
}
