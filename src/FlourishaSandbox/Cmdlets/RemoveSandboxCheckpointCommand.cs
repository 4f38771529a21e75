using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes checkpoints. Sandboxes that were made from them go on.</summary>
[Cmdlet(VerbsCommon.Remove, "SandboxCheckpoint", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.High)]
[OutputType(typeof(SandboxCheckpoint))]
public sealed class RemoveSandboxCheckpointCommand : SandboxCmdlet
{
    /// <summary>Names, with wildcards for one's own; or checkpoints.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Names, or checkpoints.")]
    [ArgumentCompleter(typeof(CheckpointNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = [];

    /// <summary>Gives the checkpoints that were removed, as they were.</summary>
    [Parameter(HelpMessage = "Gives the checkpoints that were removed.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var name in Name)
        {
            if (!TryAwait(token => FindAsync(name, token), out var found))
                continue;

            foreach (var checkpoint in found)
            {
                if (ShouldProcess($"{checkpoint.Name}, of sandbox {checkpoint.Source}", "Remove the checkpoint") && TryAwait(token => RemoveAsync(checkpoint, token), out var removed) && PassThru)
                    WriteObject(removed);
            }
        }
    }

    private async Task<IReadOnlyList<SandboxCheckpoint>> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(name))
            return [await Manager.Checkpoints.GetAsync(name, cancellationToken).ConfigureAwait(false)];

        var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return [.. (await Manager.Checkpoints.ListAsync(allOwners: false, cancellationToken).ConfigureAwait(false)).Where(checkpoint => pattern.IsMatch(checkpoint.Name))];
    }

    private async Task<SandboxCheckpoint> RemoveAsync(SandboxCheckpoint checkpoint, CancellationToken cancellationToken)
    {
        await Manager.Checkpoints.RemoveAsync(checkpoint, Observer, cancellationToken).ConfigureAwait(false);
        return checkpoint;
    }
}
