using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Does something with pages, as their user would: clicks, types, presses, selects, hovers, scrolls, waits.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SandboxPageAction")]
[OutputType(typeof(SandboxPage))]
public sealed class InvokeSandboxPageActionCommand : PageElementCmdlet
{
    /// <summary>What is done.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "What is done.")]
    public PageActionKind Action { get; set; }

    /// <summary>The text that is typed, the key that is pressed, the options that are chosen, where to scroll to, or the path to open.</summary>
    [Parameter(Position = 1, HelpMessage = "The text, key, options, distance or path.")]
    [AllowEmptyString]
    public string[]? Value { get; set; } = [];

    /// <summary>Pages, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 2, ValueFromPipeline = true, HelpMessage = "Pages, or their ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <summary>Gives the page as it is then.</summary>
    [Parameter(HelpMessage = "Gives the page as it is then.")]
    public SwitchParameter PassThru { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var page in Page)
        {
            FanOut(async cancellationToken =>
            {
                var action = new PageAction { Kind = Action, Element = ReadElement(), Values = Value ?? [], Timeout = Timeout };
                var now = await Pages.ActAsync(page, action, Observer, cancellationToken).ConfigureAwait(false);
                return () =>
                {
                    if (PassThru)
                        WriteObject(now);
                };
            });
        }
    }
}
