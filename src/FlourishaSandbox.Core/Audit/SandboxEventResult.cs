namespace FlourishaSandbox.Audit;

/// <summary>How an action on a sandbox ended.</summary>
public enum SandboxEventResult
{
    /// <summary>It is under way, or whoever did it was killed meanwhile.</summary>
    Unfinished,

    /// <summary>It did what it should. A command may have ended with any exit code.</summary>
    Succeeded,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>Its caller gave it up, by Ctrl+C for example.</summary>
    Cancelled,

    /// <summary>A command was ended because its time was over.</summary>
    TimedOut,
}
