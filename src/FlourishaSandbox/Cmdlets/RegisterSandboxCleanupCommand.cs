using System.Management.Automation;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Has this machine remove stale sandboxes by the clock: by systemd, cron or the task scheduler, whichever it has.</summary>
[Cmdlet(VerbsLifecycle.Register, "SandboxCleanup", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(CleanupSchedule))]
public sealed class RegisterSandboxCleanupCommand : SandboxCmdlet
{
    /// <summary>How often: whole minutes, from 1m to 1d; 15 minutes where nothing is said.</summary>
    [Parameter(Position = 0, HelpMessage = "How often: whole minutes, from 1m to 1d.")]
    [Duration]
    public TimeSpan Every { get; set; } = new ScheduleOptions().Every;

    /// <summary>Also sandboxes of this age or more, unless they run before their deadline.</summary>
    [Parameter(HelpMessage = "Also sandboxes of this age or more, unless they run before their deadline.")]
    [Duration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    [Alias("All")]
    public SwitchParameter AllOwner { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var scheduler = SandboxSession.GetScheduler();
            var plan = scheduler.Plan(new ScheduleOptions { Every = Every, OlderThan = OlderThan, AllOwners = AllOwner }, ScheduledProgram.Find(out var isPowerShell), isPowerShell);
            if (ShouldProcess(plan.Location, $"Write there, for every {Duration.Describe(Every)}:\n{plan.Text}") && TryAwait(token => scheduler.RegisterAsync(plan, token), out var schedule))
                WriteObject(schedule);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
