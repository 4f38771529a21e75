using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Saves a picture of an open page, or opens an app of a sandbox for that. Where the file is a PDF, the page is printed.</summary>
[Cmdlet(VerbsData.Save, "SandboxScreenshot", DefaultParameterSetName = SandboxSet, SupportsShouldProcess = true)]
[OutputType(typeof(PageScreenshot))]
public sealed class SaveSandboxScreenshotCommand : PageElementCmdlet
{
    private const string SandboxSet = "Sandbox";
    private const string PageSet = "Page";

    /// <summary>The file that the picture is written to: a PNG, or a PDF where it ends in .pdf.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "The file that the picture is written to, a PNG or a PDF.")]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "";

    /// <summary>Sandboxes, names (with wildcards, for one's own) or ids. Each needs a file of its own.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = SandboxSet, ValueFromPipeline = true, HelpMessage = "Sandboxes, names or ids.")]
    [ArgumentCompleter(typeof(SandboxCompleter))]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public SandboxReference[] Sandbox { get; set; } = [];

    // Not mandatory: PowerShell would ask for it before it looks at what comes by the pipeline, which may be a page. And were the sandbox taken
    // by property name, PowerShell would not take pages at all: it keeps to the default set where that alone can be bound so.

    /// <summary>The app's port in it; the first that it names where nothing is said.</summary>
    [Parameter(Position = 2, ParameterSetName = SandboxSet, HelpMessage = "The app's port in its sandbox.")]
    [ValidateRange(1, 65535)]
    public int? Port { get; set; }

    /// <summary>A page that is open. Each needs a file of its own.</summary>
    [Parameter(Mandatory = true, Position = 1, ParameterSetName = PageSet, ValueFromPipeline = true, HelpMessage = "A page that is open, or its id.")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <summary>The page: a path of the app.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "The page: a path of the app, for example /about.")]
    [ValidateNotNullOrEmpty]
    public string AppPath { get; set; } = "/";

    /// <summary>The size: phone, tablet, desktop, or as 390x844.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "The size: phone, tablet, desktop, or as 390x844.")]
    [ArgumentCompleter(typeof(ViewportCompleter))]
    [ValidateNotNullOrEmpty]
    public string Viewport { get; set; } = "desktop";

    /// <summary>Takes the whole page, up to 8,000 pixels.</summary>
    [Parameter(HelpMessage = "Takes the whole page, up to 8,000 pixels.")]
    public SwitchParameter FullPage { get; set; }

    /// <summary>Where the browser runs: in a sandbox of its own, or on this machine.</summary>
    [Parameter(ParameterSetName = SandboxSet, HelpMessage = "Where the browser runs: in a sandbox of its own, or on this machine.")]
    public BrowserKind Browser { get; set; }

    /// <summary>Replaces a file that is there.</summary>
    [Parameter(HelpMessage = "Replaces a file that is there.")]
    public SwitchParameter Force { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        var path = GetUnresolvedProviderPathFromPSPath(Path);
        foreach (var page in Page)
        {
            if (ShouldProcess(path, $"Save a picture of page {page}"))
                FanOut(token => SaveAsync(Pages.SaveAsync(page, ReadRequest(path), Observer, token)));
        }

        foreach (var sandbox in Resolve(Sandbox))
        {
            var options = new PageOptions { Sandbox = sandbox, Port = Port, Path = AppPath, Viewport = Viewport, Browser = Browser, Timeout = Timeout };
            if (ShouldProcess(path, $"Save a picture of {(Port is null ? "" : $"port {Port} of ")}sandbox {sandbox}"))
                FanOut(token => SaveAsync(Pages.SaveAsync(options, ReadRequest(path), Observer, token)));
        }
    }

    private PagePictureRequest ReadRequest(string path) => new() { Path = path, FullPage = FullPage, Element = ReadElement(), Overwrite = Force, Timeout = Timeout };

    private async Task<Action> SaveAsync(Task<PageScreenshot> saving)
    {
        var picture = await saving.ConfigureAwait(false);
        return () => WriteObject(picture);
    }
}
