namespace FlourishaSandbox.Processes;

/// <summary>What a process is doing.</summary>
public enum ProcessState
{
    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended; its output is kept for a while.</summary>
    Ended,
}
