using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes sandboxes that nobody will miss, and says why each is one of them.</summary>
[Cmdlet(VerbsCommon.Clear, "StaleSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StaleSandbox))]
public sealed class ClearStaleSandboxCommand : FanOutCmdlet
{
    /// <summary>Also those of this age or more, whatever their deadline; running ones only with -Force.</summary>
    [Parameter(Position = 0, HelpMessage = "Also those of this age or more.")]
    [Duration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <summary>Takes sandboxes that still run before their deadline, where -OlderThan says so.</summary>
    [Parameter(HelpMessage = "Takes sandboxes that still run before their deadline.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteVerbose($"Looking for stale sandboxes on {Manager.Engine}.");
        if (!TryAwait(token => Manager.FindStaleAsync(OlderThan, All, token), out var stale))
            return;

        foreach (var candidate in stale)
        {
            if (!Force && candidate.IsInUse)
                WriteWarning($"Sandbox '{candidate.Sandbox}' is left alone: {candidate.Reason}, but it runs and its deadline is to come. Use -Force to remove it.");
            else if (ShouldProcess($"{candidate.Sandbox.Name} ({candidate.Sandbox.ShortId}): {candidate.Reason}", "Remove the sandbox and everything in it"))
                Remove(candidate);
        }
    }

    private void Remove(StaleSandbox stale) => FanOut(async cancellationToken =>
    {
        await Manager.RemoveAsync(stale.Sandbox, Observer, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(stale);
    });
}
