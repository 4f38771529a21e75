namespace FlourishaSandbox.Agent.Processes;

/// <summary>Why the agent ends a process.</summary>
internal enum EndCause
{
    /// <summary>A client asked for it.</summary>
    Asked,

    /// <summary>Its time was over.</summary>
    Timeout,

    /// <summary>It wrote more output than it may.</summary>
    Output,

    /// <summary>It wrote to the disk while that was as full as it may be.</summary>
    Disk,
}
