using System.Management.Automation;
using FlourishaSandbox.Processes;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Waits until processes have ended, and tells how.</summary>
[Cmdlet(VerbsLifecycle.Wait, "SandboxProcess")]
[OutputType(typeof(SandboxProcess))]
public sealed class WaitSandboxProcessCommand : ProcessCmdlet
{
    /// <summary>Creates the cmdlet. Waiting is no work, so all are waited for at once.</summary>
    public WaitSandboxProcessCommand() => ThrottleLimit = MostAtOnce;

    /// <summary>How long to wait for each: seconds, 1m30s or 00:01:30. It goes on after that. No limit where nothing is said.</summary>
    [Parameter(HelpMessage = "How long to wait: seconds, 1m30s or 00:01:30.")]
    [Duration]
    public TimeSpan? Timeout { get; set; }

    private protected override void Treat(Sandbox sandbox, ProcessReference process) => FanOut(async cancellationToken =>
    {
        var ended = await Manager.Processes.WaitAsync(sandbox, process, Timeout, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(ended);
    });
}
