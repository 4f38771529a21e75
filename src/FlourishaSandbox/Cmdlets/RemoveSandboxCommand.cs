using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes sandboxes with all that is in them.</summary>
[Cmdlet(VerbsCommon.Remove, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(Sandbox))]
public sealed class RemoveSandboxCommand : FanOutCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Gives the sandboxes that were removed, as they were.</summary>
    [Parameter(HelpMessage = "Gives the sandboxes that were removed.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", "Remove the sandbox and everything in it"))
                Remove(sandbox);
        }
    }

    private void Remove(Sandbox sandbox) => FanOut(async cancellationToken =>
    {
        await Manager.RemoveAsync(sandbox, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(sandbox);
        };
    });
}
