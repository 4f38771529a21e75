using System.Management.Automation;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes sandboxes that nobody will miss, and what others left, and says why each is such.</summary>
[Cmdlet(VerbsCommon.Clear, "StaleSandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(StaleItem))]
public sealed class ClearStaleSandboxCommand : FanOutCmdlet
{
    /// <summary>Also sandboxes of this age or more, whatever their deadline; running ones only with -Force.</summary>
    [Parameter(Position = 0, HelpMessage = "Also those of this age or more.")]
    [Duration]
    public TimeSpan? OlderThan { get; set; }

    /// <summary>Those of all owners, not only one's own.</summary>
    [Parameter(HelpMessage = "Those of all owners.")]
    public SwitchParameter All { get; set; }

    /// <summary>Takes sandboxes that may be in use: that run before their deadline where -OlderThan says so, or whose agent does not say when they end.</summary>
    [Parameter(HelpMessage = "Takes sandboxes that may be in use.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteVerbose($"Looking for stale sandboxes on {Manager.Engine}.");
        if (!TryAwait(token => Manager.Cleanup.FindAsync(OlderThan, All, token), out var stale))
            return;

        foreach (var item in stale)
        {
            if (!Force && item.IsInUse)
                Spare(item);
            else if (ShouldProcess(item.Sandbox is { } sandbox ? $"{sandbox.Name} ({sandbox.ShortId}): {item.Reason}" : $"{item}: {item.Reason}", item.Sandbox is null ? "Remove it" : "Remove the sandbox and everything in it"))
                Remove(item);
        }
    }

    private void Spare(StaleItem item) => WriteWarning($"{item.Kind} '{item.Name}' is left alone: {item.Reason}. It may be in use: -Force removes it all the same.");

    private void Remove(StaleItem item) => FanOut(async cancellationToken =>
    {
        var removed = await Manager.Cleanup.RemoveAsync(item, OlderThan, Force, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (removed.Removed)
                WriteObject(removed);
            else
                Spare(removed);
        };
    });
}
