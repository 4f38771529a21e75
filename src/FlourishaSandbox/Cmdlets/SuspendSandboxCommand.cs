using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Freezes sandboxes with all that runs in them: they keep their memory, and use no CPU.</summary>
[Cmdlet(VerbsLifecycle.Suspend, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(Sandbox))]
public sealed class SuspendSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Gives the sandboxes, suspended.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes, suspended.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", "Freeze all that runs in it"))
                Suspend(sandbox);
        }
    }

    private void Suspend(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        var changed = await Manager.Lifecycle.SuspendAsync(sandbox, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(changed);
        };
    });
}
