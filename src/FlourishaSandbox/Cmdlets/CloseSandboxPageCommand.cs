using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Closes pages, or with the browser all of them.</summary>
[Cmdlet(VerbsCommon.Close, "SandboxPage", DefaultParameterSetName = PageSet, SupportsShouldProcess = true, ConfirmImpact = ConfirmImpact.Low)]
[OutputType(typeof(void))]
public sealed class CloseSandboxPageCommand : FanOutCmdlet
{
    private const string PageSet = "Page";
    private const string BrowserSet = "Browser";

    /// <summary>Pages, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 0, ParameterSetName = PageSet, ValueFromPipeline = true, HelpMessage = "Pages, or their ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <summary>Removes the browser's sandbox with all pages in it, and ends the browser on this machine.</summary>
    [Parameter(Mandatory = true, ParameterSetName = BrowserSet, HelpMessage = "Removes the browser's sandbox with all pages in it.")]
    public SwitchParameter Browser { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var page in Page)
        {
            if (ShouldProcess($"Page {page}", "Close"))
                FanOut(token => CloseAsync(pages => pages.CloseAsync(page, Observer, token)));
        }

        if (Browser && ShouldProcess($"The browser of {SandboxSession.Owner}", "Remove with all its pages"))
            FanOut(token => CloseAsync(pages => pages.CloseBrowserAsync(Observer, token)));
    }

    private async Task<Action> CloseAsync(Func<SandboxPages, Task> close)
    {
        await close(PageSession.For(Manager)).ConfigureAwait(false);
        return () => { };
    }
}
