namespace FlourishaSandbox.Sandboxes;

/// <summary>What becomes of a sandbox at its deadline.</summary>
public enum TimeoutAction
{
    /// <summary>Its processes end; its files stay until it is removed.</summary>
    Stop,

    /// <summary>It is gone, with all that belongs to it.</summary>
    Remove,

    /// <summary>Its processes are frozen, and go on when it is resumed.</summary>
    Suspend,
}
