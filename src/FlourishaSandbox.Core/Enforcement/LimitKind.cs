namespace FlourishaSandbox.Enforcement;

/// <summary>What a sandbox's limits are about.</summary>
public enum LimitKind
{
    /// <summary>Memory.</summary>
    Memory,

    /// <summary>CPU time.</summary>
    Cpu,

    /// <summary>What it wrote to its disk.</summary>
    Disk,

    /// <summary>Processes and threads.</summary>
    Processes,

    /// <summary>What one of its commands wrote to its output.</summary>
    Output,
}
