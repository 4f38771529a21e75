using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Says whether something is at a path in a sandbox. A link counts for what it points to.</summary>
[Cmdlet(VerbsDiagnostic.Test, "SandboxPath")]
[OutputType(typeof(bool))]
public sealed class TestSandboxPathCommand : PathCmdlet
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

    /// <summary>What must be there: Any, a Leaf, which is no folder, or a Container, which is one.</summary>
    [Parameter(HelpMessage = "What must be there: Any, Leaf or Container.")]
    public TestPathType PathType { get; set; } = TestPathType.Any;

    /// <inheritdoc/>
    protected override void ProcessRecord() => ForEachPath(Path, Sandbox, (sandbox, path) => FanOut(async cancellationToken =>
    {
        var item = await FollowAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        var isThere = item is not null && (PathType == TestPathType.Any || PathType == TestPathType.Container == (item.Type == SandboxItemType.Directory));
        return () => WriteObject(isThere);
    }));

    private async Task<SandboxItem?> FollowAsync(Sandbox sandbox, string path, CancellationToken cancellationToken)
    {
        const int MostLinks = 40; // as Linux has it: more is a circle
        var item = await Manager.Files.FindAsync(sandbox, path, cancellationToken).ConfigureAwait(false);
        for (var links = 0; item is { Type: SandboxItemType.Link, LinkTarget: { Length: > 0 } target }; links++)
        {
            if (links == MostLinks)
                return null;

            item = await Manager.Files.FindAsync(sandbox, target.StartsWith('/') ? target : SandboxPath.Combine(SandboxPath.Parent(item.Path), target), cancellationToken).ConfigureAwait(false);
        }

        return item;
    }
}
