namespace FlourishaSandbox.Agent.Processes;

/// <summary>Where a process writes.</summary>
internal enum OutputSource : byte
{
    /// <summary>Standard output.</summary>
    Stdout,

    /// <summary>Standard error.</summary>
    Stderr,

    /// <summary>The terminal.</summary>
    Pty,
}
