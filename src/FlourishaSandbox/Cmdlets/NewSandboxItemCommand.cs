using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Makes files and folders in sandboxes, with the folders above them.</summary>
[Cmdlet(VerbsCommon.New, "SandboxItem", SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxItem))]
public sealed class NewSandboxItemCommand : PathCmdlet
{
    /// <summary>Paths in the sandbox, or NAME:PATH.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipelineByPropertyName = true, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>File or Directory; a file where nothing is said.</summary>
    [Parameter(HelpMessage = "File or Directory.")]
    [Alias("Type")]
    [ValidateSet(nameof(SandboxItemType.File), nameof(SandboxItemType.Directory))]
    public SandboxItemType ItemType { get; set; } = SandboxItemType.File;

    /// <summary>What a file holds: text, exactly as it is, or a byte array, a file or a stream. Nothing where it is not given.</summary>
    [Parameter(HelpMessage = "What a file holds.")]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    public object? Value { get; set; }

    /// <summary>Writes over a file that is there, and takes a folder that is there for made.</summary>
    [Parameter(HelpMessage = "Writes over a file that is there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        if (ItemType == SandboxItemType.Directory && Value is not null)
            ThrowTerminatingError(new SandboxException(SandboxError.InvalidOption, "A folder has no -Value.", Value, "Leave -Value out, or make a file.").ToErrorRecord());
    }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, path) =>
    {
        if (ShouldProcess($"{sandbox.Name}:{path}", ItemType == SandboxItemType.File ? "Make a file" : "Make a folder"))
            Make(sandbox, path);
    });

    private void Make(Sandbox sandbox, string path) => FanOut(async cancellationToken =>
    {
        if (!Force && await Manager.Files.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false) is { } found)
            throw new SandboxException(SandboxError.PathNotUsable, $"'{found}' in sandbox '{sandbox}' is there already.", path, "Use -Force to write over a file, or take another path.");

        if (ItemType == SandboxItemType.Directory)
        {
            await Manager.Files.MakeDirectoryAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            using var content = CommandInput.Open([Value], endLines: false);
            await Manager.Files.WriteAsync(sandbox, path, content, cancellationToken).ConfigureAwait(false);
        }

        var item = await Manager.Files.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        return () => WriteObject(item ?? throw new SandboxException(SandboxError.PathNotFound, $"'{path}' in sandbox '{sandbox}' was made and is gone again.", path, "Something in the sandbox removed it."));
    });
}
