using System.Management.Automation;
using FlourishaSandbox.Sandboxes;
using FlourishaSandbox.Scheduling;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Has this machine keep pools full, by a service of systemd that runs the command line's <c>pool serve</c>: the machine's for root, else the user's.</summary>
[Cmdlet(VerbsLifecycle.Register, "SandboxPool", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(PoolService))]
public sealed class RegisterSandboxPoolCommand : SandboxCmdlet
{
    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        try
        {
            var services = SandboxSession.GetPoolServices();
            var program = ScheduledProgram.FindCommandLine()
                ?? throw new SandboxException(SandboxError.ScheduleFailed, "There is no docker-sandbox, which the service would run.", remedy: "Put it on PATH.");
            var plan = services.Plan(program);
            if (!ShouldProcess(plan.Location, $"Write there, and start:\n{plan.Text}") || !TryAwait(token => services.RegisterAsync(plan, token), out var service))
                return;

            if (service.StartCommand is { } start)
                WriteWarning($"'{service}' is written, but systemd does not run here, so that nothing serves the pools yet. Where it does, run '{start}'; 'docker-sandbox pool serve' does the same without it.");

            WriteObject(service);
        }
        catch (SandboxException e)
        {
            ThrowTerminatingError(e.ToErrorRecord());
        }
    }
}
