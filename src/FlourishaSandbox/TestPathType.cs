namespace FlourishaSandbox;

/// <summary>What Test-SandboxPath looks for; the names are those of PowerShell's own Test-Path.</summary>
public enum TestPathType
{
    /// <summary>Anything.</summary>
    Any,

    /// <summary>A folder.</summary>
    Container,

    /// <summary>Anything but a folder.</summary>
    Leaf,
}
