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

public sealed class RunspaceAvailabilityEventArgs(RunspaceAvailability runspaceAvailability) : EventArgs
{
    public RunspaceAvailability RunspaceAvailability { get; } = runspaceAvailability;
}

/// <summary>Where pipelines run one after the other. A test makes one for its thread, and says itself when a pipeline has ended.</summary>
public class Runspace
{
    [ThreadStatic]
    private static Runspace? s_default;

    public event EventHandler<RunspaceAvailabilityEventArgs>? AvailabilityChanged;

    public static Runspace? DefaultRunspace
    {
        get => s_default;
        set => s_default = value;
    }

    public void Become(RunspaceAvailability availability) => AvailabilityChanged?.Invoke(this, new RunspaceAvailabilityEventArgs(availability));
}
