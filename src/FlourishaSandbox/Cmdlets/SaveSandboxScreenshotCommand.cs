using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Opens an app of a sandbox in a browser, which runs in a sandbox of its own, and saves a picture of it.</summary>
[Cmdlet(VerbsData.Save, "SandboxScreenshot", SupportsShouldProcess = true)]
[OutputType(typeof(PageScreenshot))]
public sealed class SaveSandboxScreenshotCommand : SandboxCmdlet
{
    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids. Each needs a file of its own.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true, HelpMessage = "Sandboxes, names or ids.")]
    [Alias("Name", "Id")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    /// <summary>The app's port in it.</summary>
    [Parameter(Mandatory = true, Position = 1, HelpMessage = "The app's port in its sandbox.")]
    [ValidateRange(1, 65535)]
    public int Port { get; set; }

    /// <summary>The file that the picture is written to, a PNG.</summary>
    [Parameter(Mandatory = true, Position = 2, HelpMessage = "The file that the picture is written to.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>The page: a path of the app.</summary>
    [Parameter(HelpMessage = "The page: a path of the app, for example /about.")]
    [ValidateNotNullOrEmpty]
    public string Page { get; set; } = "/";

    /// <summary>The size: phone, tablet, desktop, or as 390x844.</summary>
    [Parameter(HelpMessage = "The size: phone, tablet, desktop, or as 390x844.")]
    [ValidateNotNullOrEmpty]
    public string Viewport { get; set; } = "desktop";

    /// <summary>Takes the whole page, up to 8,000 pixels.</summary>
    [Parameter(HelpMessage = "Takes the whole page, up to 8,000 pixels.")]
    public SwitchParameter FullPage { get; set; }

    /// <summary>Where the browser runs: in a sandbox of its own, or on this machine.</summary>
    [Parameter(HelpMessage = "Where the browser runs: in a sandbox of its own, or on this machine.")]
    public BrowserKind Browser { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter(HelpMessage = "Replaces a file that is there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var request = new PageScreenshotRequest { Port = Port, Path = GetUnresolvedProviderPathFromPSPath(Path), Page = Page, Viewport = Viewport, FullPage = FullPage, Browser = Browser, Overwrite = Force };
        foreach (var sandbox in Resolve(Sandbox))
        {
            if (ShouldProcess(request.Path, $"Save a picture of port {Port} of sandbox {sandbox}") && TryAwait(token => new PageScreenshots(Manager).TakeAsync(sandbox, request, Observer, token), out var picture))
                WriteObject(picture);
        }
    }
}
