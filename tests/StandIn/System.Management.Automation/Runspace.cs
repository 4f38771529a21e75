// A stand-in for tests, and no PowerShell. See System.Management.Automation.csproj.
namespace System.Management.Automation.Runspaces;

public enum RunspaceAvailability
{
    None,
    Available,
    AvailableForNestedCommand,
    Busy,
    RemoteDebug,
}

public sealed class RunspaceAvailabilityEventArgs(RunspaceAvailability availability) : EventArgs
{
    public RunspaceAvailability RunspaceAvailability { get; } = availability;
}

/// <summary>In PowerShell each thread has the runspace whose pipeline it runs; here a test gives its own thread one.</summary>
public class Runspace
{
    [ThreadStatic]
    private static Runspace? s_default;

    public static Runspace? DefaultRunspace
    {
        get => s_default;
        set => s_default = value;
    }

    public event EventHandler<RunspaceAvailabilityEventArgs>? AvailabilityChanged;

    /// <summary>What the prompt's return does. PowerShell has no such method.</summary>
    public void ComeBackToPrompt() => AvailabilityChanged?.Invoke(this, new RunspaceAvailabilityEventArgs(RunspaceAvailability.Available));
}
