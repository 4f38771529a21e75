using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Images;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Builds the image of a template, or of any folder with a Dockerfile.</summary>
[Cmdlet("Build", "SandboxImage", DefaultParameterSetName = TemplateSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(SandboxImage))]
public sealed class BuildSandboxImageCommand : SandboxCmdlet
{
    private const string TemplateSet = "Template";
    private const string PathSet = "Path";

    /// <summary>The templates.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = TemplateSet, ValueFromPipeline = true, HelpMessage = "The templates.")]
    [ArgumentCompleter(typeof(TemplateNameCompleter))]
    [ValidateNotNullOrEmpty]
    public string[] Template { get; set; } = [];

    /// <summary>A folder with a Dockerfile.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet, ValueFromPipelineByPropertyName = true, HelpMessage = "A folder with a Dockerfile.")]
    [Alias("FullName")]
    [ValidateNotNullOrEmpty]
    public string? Path { get; set; }

    /// <summary>The image's name, with or without a tag; made of the folder's name where none is given.</summary>
    [Parameter(ParameterSetName = PathSet, HelpMessage = "The image's name.")]
    [ValidateNotNullOrEmpty]
    public string? Name { get; set; }

    /// <summary>Runs every step again, also those that were run before.</summary>
    [Parameter(HelpMessage = "Runs every step again.")]
    public SwitchParameter NoCache { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == PathSet)
        {
            Build(GetUnresolvedProviderPathFromPSPath(Path), template: null);
            return;
        }

        foreach (var template in Template)
        {
            try
            {
                Build(Manager.Templates.Get(template).Folder, template);
            }
            catch (SandboxException e)
            {
                WriteError(e.ToErrorRecord());
            }
        }
    }

    private void Build(string folder, string? template)
    {
        if (ShouldProcess(folder, "Build an image") && TryAwait(token => Manager.Images.BuildAsync(folder, Name, template, NoCache, Observer, token), out var image))
            WriteObject(image);
    }
}
