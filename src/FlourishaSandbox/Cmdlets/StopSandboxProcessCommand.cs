using System.Management.Automation;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Ends processes with everything that they started, wherever it went.</summary>
[Cmdlet(VerbsLifecycle.Stop, "SandboxProcess", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StoppedProcess))]
public sealed class StopSandboxProcessCommand : ProcessCmdlet
{
    /// <summary>How long it has between being asked to end and being killed; 2 seconds where nothing is said, 0 kills at once.</summary>
    [Parameter(HelpMessage = "How long it has to end by itself: seconds or 00:00:02.")]
    [Duration]
    public TimeSpan GracePeriod { get; set; } = SandboxProcesses.DefaultGrace;

    /// <summary>Gives what was ended.</summary>
    [Parameter(HelpMessage = "Gives what was ended.")]
    public SwitchParameter PassThru { get; set; }

    private protected override void Treat(Sandbox sandbox, ProcessReference process)
    {
        if (!ShouldProcess(Describe(sandbox, process), "End it with everything that it started"))
            return;

        FanOut(async cancellationToken =>
        {
            var stopped = await Manager.Processes.StopAsync(sandbox, process, GracePeriod, Observer, cancellationToken).ConfigureAwait(false);
            return () =>
            {
                if (PassThru)
                    WriteObject(stopped);
            };
        });
    }
}
