namespace FlourishaSandbox.Sandboxes;

/// <summary>What a sandbox is doing.</summary>
public enum SandboxState
{
    /// <summary>Made on the engine, but not started yet.</summary>
    Created,

    /// <summary>Running: commands can be run and ports answer.</summary>
    Running,

    /// <summary>All its processes are frozen.</summary>
    Suspended,

    /// <summary>Its processes have ended: at its deadline, by hand, or because the engine stopped.</summary>
    Stopped,

    /// <summary>The engine is taking it away, or failed to.</summary>
    Dead,
}
