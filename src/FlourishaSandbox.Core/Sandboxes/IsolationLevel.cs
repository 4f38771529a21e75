namespace FlourishaSandbox.Sandboxes;

/// <summary>How hard a sandbox is closed.</summary>
public enum IsolationLevel
{
    /// <summary>As hard as a container can be while ordinary programs still build, install and serve. What a sandbox has where nothing is said.</summary>
    Standard,

    /// <summary>Standard, and a root that cannot be written, a workspace of bounded size, no network unless one is named, and a filter of system calls of our own.</summary>
    Strict,

    /// <summary>For code that one trusts: an ordinary container.</summary>
    Relaxed,
}
