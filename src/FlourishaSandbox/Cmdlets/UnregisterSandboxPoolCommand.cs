using System.Management.Automation;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Takes back what Register-SandboxPool did; pools, and what waits in them, stay. Where there is nothing to take back, that is as wanted.</summary>
[Cmdlet(VerbsLifecycle.Unregister, "SandboxPool", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PoolService))]
public sealed class UnregisterSandboxPoolCommand : SandboxCmdlet
{
    /// <summary>Gives the service that was taken away.</summary>
    [Parameter(HelpMessage = "Gives the service that was taken away.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var services = SandboxSession.GetPoolServices();
            if (!TryAwait(services.FindAsync, out var found) || found is null)
                return;

            if (ShouldProcess(found.Location, $"Stop, and take away:\n{found.Text}") && TryAwait(services.UnregisterAsync, out var removed) && PassThru)
                WriteObject(removed);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
