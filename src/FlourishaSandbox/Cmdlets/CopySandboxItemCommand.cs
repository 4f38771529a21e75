using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Files;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Copies files and folders, with all that is in them, into sandboxes and out of them.</summary>
[Cmdlet(VerbsCommon.Copy, "SandboxItem", DefaultParameterSetName = PathSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(CopiedItem))]
public sealed class CopySandboxItemCommand : FanOutCmdlet
{
    // The sandbox is written NAME:PATH in one of the two paths.
    private const string PathSet = "Path";
    private const string ToSet = "ToSandbox";
    private const string FromSet = "FromSandbox";

    private readonly List<string> _sources = [];

    /// <summary>What to copy: local paths, with PowerShell's wildcards, or NAME:PATH, whose last component may have * and ?.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PathSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "What to copy: local paths or NAME:PATH.")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = ToSet, HelpMessage = "Local paths.")]
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = FromSet, HelpMessage = "Paths in the sandbox.")]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Path { get; set; } = [];

    /// <summary>Where to copy to: NAME:PATH or a local path. An existing folder, or a path that ends in '/', is copied into.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "Where to copy to: NAME:PATH or a local path.")]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Parameter(Mandatory = true, ParameterSetName = FromSet, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The path is local and the destination is in the sandbox.</summary>
    [Parameter(Mandatory = true, ParameterSetName = ToSet, HelpMessage = "Copies into the sandbox.")]
    public SwitchParameter ToSandbox { get; set; }

    /// <summary>The path is in the sandbox and the destination is local.</summary>
    [Parameter(Mandatory = true, ParameterSetName = FromSet, HelpMessage = "Copies out of the sandbox.")]
    public SwitchParameter FromSandbox { get; set; }

    /// <summary>Takes wildcard characters in a local path for what they are.</summary>
    [Parameter(HelpMessage = "Takes wildcard characters in a local path for what they are.")]
    public SwitchParameter Literal { get; set; }

    /// <summary>Gives an object for each file or folder that was copied.</summary>
    [Parameter(HelpMessage = "Gives an object for each file or folder that was copied.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case ToSet:
                Upload(Sandbox, FindLocal(Path), Destination);
                break;

            case FromSet:
                foreach (var path in Path)
                    Download(Sandbox, path);
                break;

            default:
                foreach (var path in Path)
                    Take(path);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // What came by the pipeline goes in one stream.
        if (_sources.Count > 0 && SandboxPath.TryParse(Destination, out var name, out var inside))
            Upload([new SandboxReference(name)], FindLocal([.. _sources]), inside);

        base.EndProcessing();
    }

    private void Take(string path)
    {
        var isFrom = SandboxPath.TryParse(path, out var name, out var inside);
        var isTo = SandboxPath.TryParse(Destination, out _, out _);
        if (isFrom == isTo)
        {
            var problem = isFrom ? "both name a sandbox" : "are both local";
            ThrowTerminatingError(new SandboxException(SandboxError.InvalidOption, $"'{path}' and '{Destination}' {problem}.", path, "Write the sandbox's side as NAME:PATH, for example t1:/workspace, and the other side as a local path.").ToErrorRecord());
        }

        if (isFrom)
            Download([new SandboxReference(name)], inside);
        else
            _sources.Add(path);
    }

    private List<string> FindLocal(string[] paths)
    {
        var found = new List<string>();
        foreach (var path in paths)
        {
            try
            {
                if (Literal)
                    found.Add(GetUnresolvedProviderPathFromPSPath(path));
                else
                    found.AddRange(GetResolvedProviderPathFromPSPath(path, out _));
            }
            catch (ItemNotFoundException e)
            {
                WriteError(new SandboxException(SandboxError.PathNotFound, $"There is no file or folder '{path}' on this machine.", path, "Check the path; a relative one begins in the current location.", e).ToErrorRecord());
            }
        }

        return found;
    }

    private void Upload(SandboxReference[] references, List<string> sources, string destination)
    {
        if (sources.Count == 0)
            return;

        foreach (var sandbox in Resolve(references))
        {
            if (ShouldProcess($"{string.Join(", ", sources)} to {sandbox.Name}:{destination}", "Copy"))
                Begin(token => Manager.Files.UploadAsync(sandbox, sources, destination, Observer, token));
        }
    }

    private void Download(SandboxReference[] references, string path)
    {
        var target = GetUnresolvedProviderPathFromPSPath(Destination);
        if (System.IO.Path.EndsInDirectorySeparator(Destination) && !System.IO.Path.EndsInDirectorySeparator(target))
            target += System.IO.Path.DirectorySeparatorChar;

        var sandboxes = Resolve(references).ToList();
        foreach (var sandbox in sandboxes)
        {
            // Several sandboxes have the same files: each gets a folder of its own.
            var own = sandboxes.Count == 1 ? target : System.IO.Path.Combine(target, sandbox.Name) + System.IO.Path.DirectorySeparatorChar;
            if (ShouldProcess($"{sandbox.Name}:{path} to {own}", "Copy"))
                Begin(token => Manager.Files.DownloadAsync(sandbox, path, own, Observer, token));
        }
    }

    private void Begin(Func<CancellationToken, Task<IReadOnlyList<CopiedItem>>> copy) => FanOut(async cancellationToken =>
    {
        var items = await copy(cancellationToken).ConfigureAwait(false);
        return () => Write(items);
    });

    private void Write(IReadOnlyList<CopiedItem> items)
    {
        foreach (var item in items)
        {
            foreach (var refused in item.Refused)
                WriteError(new SandboxException(SandboxError.UnsafeEntry, $"Sandbox '{item.Sandbox}' sent something that was not written: {Display.Clean(refused.ToString())}.", refused.Name, "Everything else was copied. What is refused could have written outside of the destination.").ToErrorRecord());

            if (PassThru)
                WriteObject(item);
        }
    }
}
