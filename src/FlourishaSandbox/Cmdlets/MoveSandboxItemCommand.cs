using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Moves or renames files and folders inside of a sandbox.</summary>
[Cmdlet(VerbsCommon.Move, "SandboxItem", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxItem))]
public sealed class MoveSandboxItemCommand : PathCmdlet
{
    /// <summary>Paths in the sandbox, or NAME:PATH.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>The new path in the same sandbox. An existing folder, or a path that ends in '/', is moved into.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The new path in the same sandbox.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 2, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Gives what was moved, as it is now.</summary>
    [Parameter(HelpMessage = "Gives what was moved, as it is now.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, path) =>
    {
        // Whoever writes NAME:PATH may well write it twice.
        var names = SandboxPath.TryParse(Destination, out var name, out var inside) && Sandbox.Length == 0;
        if (names && name != sandbox.Name)
            WriteError(new SandboxException(SandboxError.InvalidOption, $"'{path}' cannot be moved from sandbox '{sandbox}' to '{Destination}'.", path, "Move within one sandbox; between two, copy by way of this machine.").ToErrorRecord());
        else if (ShouldProcess($"{sandbox.Name}:{path} to {(names ? inside : Destination)}", "Move"))
            Move(sandbox, path, names ? inside : Destination);
    });

    private void Move(Sandbox sandbox, string path, string destination) => FanOut(async cancellationToken =>
    {
        var moved = await Manager.Files.MoveAsync(sandbox, path, destination, cancellationToken).ConfigureAwait(false);
        var item = PassThru ? await Manager.Files.FindAsync(sandbox, moved, cancellationToken).ConfigureAwait(false) : null;
        return () =>
        {
            if (item is not null)
                WriteObject(item);
        };
    });
}
