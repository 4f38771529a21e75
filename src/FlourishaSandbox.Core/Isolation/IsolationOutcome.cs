namespace FlourishaSandbox.Isolation;

/// <summary>How an attempt on a sandbox went.</summary>
public enum IsolationOutcome
{
    /// <summary>The sandbox held.</summary>
    Held,

    /// <summary>The attempt got through.</summary>
    NotHeld,

    /// <summary>It was not made, or said nothing: the sandbox's isolation does not promise this, or it cannot be told from here.</summary>
    NotTried,
}
