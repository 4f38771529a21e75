namespace FlourishaSandbox.Enforcement;

/// <summary>What is done with a sandbox that uses more than it should.</summary>
public enum LimitAction
{
    /// <summary>It is told, and nothing else.</summary>
    Warn,

    /// <summary>The sandbox is stopped: its processes are asked to end, and killed where they do not.</summary>
    Stop,

    /// <summary>Its processes are killed at once.</summary>
    Kill,
}
