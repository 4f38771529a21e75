using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Ends everything in sandboxes. Their files stay, and they can be started again.</summary>
[Cmdlet(VerbsLifecycle.Stop, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Sandbox))]
public sealed class StopSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>How long processes have between being asked to end and being killed, at most 10 minutes; 10 seconds where nothing is said.</summary>
    [Parameter(HelpMessage = "How long processes have between being asked to end and being killed.")]
    [Duration]
    public TimeSpan GracePeriod { get; set; } = SandboxLifecycle.DefaultGrace;

    /// <summary>Gives the sandboxes, stopped.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes, stopped.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", "End everything that runs in it"))
                Stop(sandbox);
        }
    }

    private void Stop(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var changed = await Manager.Lifecycle.StopAsync(sandbox, GracePeriod, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
