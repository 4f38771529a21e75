using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Lists files in sandboxes.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxChildItem")]
[OutputType(typeof(SandboxItem))]
public sealed class GetSandboxChildItemCommand : PathCmdlet
{
    /// <summary>Paths in the sandbox, or NAME:PATH; the last component may have the wildcards * and ?. The working directory where none is given.</summary>
    [Parameter(Position = 0, HelpMessage = "Paths in the sandbox, or NAME:PATH.")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = ["."];

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids; not needed where the path names one.</summary>
    [Parameter(Position = 1, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>Also what is in the folders.</summary>
    [Parameter(HelpMessage = "Also what is in the folders.")]
    public SwitchParameter Recurse { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, List);

    private void List(Sandbox sandbox, string path)
    {
        WriteVerbose($"Listing '{path}' in sandbox '{sandbox}'.");
        FanOut(async cancellationToken =>
        {
            var items = await Manager.Files.ListAsync(sandbox, path, Recurse, cancellationToken).ConfigureAwait(false);
            return () => WriteObject(items, enumerateCollection: true);
        });
    }
}
