namespace FlourishaSandbox.Isolation;

/// <summary>What an attempt on a sandbox is about.</summary>
public enum IsolationCategory
{
    /// <summary>File systems, devices, and the kernel's own files.</summary>
    Files,

    /// <summary>Privileges that processes have or may gain.</summary>
    Privileges,

    /// <summary>Power over other processes.</summary>
    Processes,

    /// <summary>System calls with which escapes are made.</summary>
    Kernel,

    /// <summary>Other sandboxes, the host's services, and networks behind it.</summary>
    Network,

    /// <summary>More of the machine than the sandbox was given.</summary>
    Resources,
}
