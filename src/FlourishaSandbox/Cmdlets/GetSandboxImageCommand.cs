using System.Management.Automation;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Images;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Finds the images that were built for sandboxes.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxImage")]
[OutputType(typeof(SandboxImage))]
public sealed class GetSandboxImageCommand : SandboxCmdlet
{
    /// <summary>Names of images or templates, with the wildcards * ? and [ ]. All where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "Names of images or templates, with wildcards.")]
    [ArgumentCompleter(typeof(ImageNameCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[] Name { get; set; } = ["*"];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        WriteVerbose($"Listing the images on {Manager.Engine}.");
        if (!TryAwait(Manager.Images.ListAsync, out var images))
            return;

        foreach (var name in Name)
        {
            var pattern = WildcardPattern.Get(name, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
            var matches = images.Where(image => pattern.IsMatch(image.Name) || (image.Template is not null && pattern.IsMatch(image.Template))).ToList();
            if (matches.Count == 0 && !WildcardPattern.ContainsWildcardCharacters(name))
                WriteError(new Sandboxes.SandboxException(Sandboxes.SandboxError.ImageNotFound, $"No image '{name}' was built for sandboxes on {Manager.Engine}.", name, "Build it with Build-SandboxImage.").ToErrorRecord());

            WriteObject(matches, enumerateCollection: true);
        }
    }
}
