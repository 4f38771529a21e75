using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Lists the pages that are open, or tells how given ones are now.</summary>
[Cmdlet(VerbsCommon.Get, "SandboxPage")]
[OutputType(typeof(SandboxPage))]
public sealed class GetSandboxPageCommand : FanOutCmdlet
{
    /// <summary>Pages, or their ids; all that are open where none is given.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, HelpMessage = "Pages, or their ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var page in Page)
        {
            FanOut(async cancellationToken =>
            {
                var found = await PageSession.For(Manager).GetAsync(page, Observer, cancellationToken).ConfigureAwait(false);
                return () => WriteObject(found);
            });
        }

        if (Page.Length == 0 && TryAwait(PageSession.For(Manager).ListAsync, out var pages))
            WriteObject(pages, enumerateCollection: true);
    }
}
