namespace FlourishaSandbox.Audit;

/// <summary>Who tells of an event.</summary>
public enum SandboxEventOrigin
{
    /// <summary>This machine's record of what was done from here.</summary>
    Audit,

    /// <summary>The Docker Engine, which tells what happened to a container, whoever did it.</summary>
    Engine,
}
