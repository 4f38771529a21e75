using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Removes files and folders in sandboxes. A link is removed itself.</summary>
[Cmdlet(VerbsCommon.Remove, "SandboxItem", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Medium)]
[OutputType(typeof(SandboxItem))]
public sealed class RemoveSandboxItemCommand : PathCmdlet
{
    /// <summary>Paths in the sandbox, or NAME:PATH; the last component may have the wildcards * and ?.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Removes folders with everything in them; else only empty ones.</summary>
    [Parameter(HelpMessage = "Removes folders with everything in them.")]
    public SwitchParameter Recurse { get; set; }

    /// <summary>Takes what is not there for removed.</summary>
    [Parameter(HelpMessage = "Takes what is not there for removed.")]
    public SwitchParameter Force { get; set; }

    /// <summary>Takes wildcard characters in a path for what they are.</summary>
    [Parameter(HelpMessage = "Takes wildcard characters in a path for what they are.")]
    public SwitchParameter Literal { get; set; }

    /// <summary>Gives what was removed, as it was.</summary>
    [Parameter(HelpMessage = "Gives what was removed, as it was.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, pattern) =>
    {
        foreach (var path in Literal ? [pattern] : Expand(sandbox, pattern))
        {
            if (ShouldProcess($"{sandbox.Name}:{path}", Recurse ? "Remove it with everything in it" : "Remove"))
                Remove(sandbox, path);
        }
    });

    private void Remove(Sandbox sandbox, string path) => FanOut(async cancellationToken =>
    {
        var item = await Manager.Files.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        if (item is null && Force)
            return () => { };

        if (item is null)
            throw new SandboxException(SandboxError.PathNotFound, $"There is nothing at '{path}' in sandbox '{sandbox}'.", path, "Use -Force to take that for removed.");

        if (item.Type == SandboxItemType.Directory && !Recurse)
            await RefuseFullAsync(sandbox, item, cancellationToken).ConfigureAwait(false);

        await Manager.Files.RemoveAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (PassThru)
                WriteObject(item);
        };
    });

    private async Task RefuseFullAsync(Sandbox sandbox, SandboxItem folder, CancellationToken cancellationToken)
    {
        var content = await Manager.Files.ListAsync(sandbox, folder.Path, recurse: false, cancellationToken).ConfigureAwait(false);
        if (content.Count > 0)
            throw new SandboxException(SandboxError.PathNotUsable, $"The folder '{folder}' in sandbox '{sandbox}' is not empty.", folder.Path, "Use -Recurse to remove it with everything in it.");
    }
}
