using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Keeps a sandbox's files under a name, for New-Sandbox -Checkpoint.</summary>
[Cmdlet(VerbsData.Checkpoint, "Sandbox", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxCheckpoint))]
public sealed class CheckpointSandboxCommand : SandboxCmdlet
{
    /// <summary>A sandbox, its name or its id.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "A sandbox, its name or its id.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    public SandboxReference Sandbox { get; set; } = null!;

    /// <summary>The checkpoint's name.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The checkpoint's name.")]
    [ValidateNotNullOrEmpty]
    public string Name { get; set; } = "";

    /// <summary>Takes the place of a checkpoint that has this name.</summary>
    [Parameter(HelpMessage = "Takes the place of a checkpoint that has this name.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!TryAwait(token => Manager.GetAsync(Sandbox, token), out var sandbox) || !ShouldProcess($"{sandbox.Name} ({sandbox.ShortId})", $"Keep its files as checkpoint '{Name}'"))
            return;

        if (TryAwait(token => Manager.Checkpoints.CreateAsync(sandbox, Name, Force, Observer, token), out var checkpoint))
            WriteObject(checkpoint);
    }
}
