using System.Management.Automation;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Takes back what Register-SandboxCleanup did. Where there is nothing to take back, that is as wanted.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "SandboxCleanup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CleanupSchedule))]
public sealed class UnregisterSandboxCleanupCommand : SandboxCmdlet
{
    /// <summary>Gives the schedule that was taken away.</summary>
    [Parameter(HelpMessage = "Gives the schedule that was taken away.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var scheduler = SandboxSession.GetScheduler();
        if (!TryAwait(scheduler.FindAsync, out var found) || found is null)
            return;

        if (ShouldProcess(found.Location, $"Take away:\n{found.Text}") && TryAwait(scheduler.UnregisterAsync, out var removed) && PassThru)
            WriteObject(removed);
    }
}
