using System.Management.Automation;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Shows the schedule that Register-SandboxCleanup made; nothing where there is none.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxCleanup")]
[OutputType(typeof(CleanupSchedule))]
public sealed class GetSandboxCleanupCommand : SandboxCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (TryAwait(SandboxSession.GetScheduler().FindAsync, out var found) && found is not null)
            WriteObject(found);
    }
}
