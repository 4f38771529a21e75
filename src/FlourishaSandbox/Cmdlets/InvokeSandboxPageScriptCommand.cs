using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;

namespace FlourishaSandbox.Cmdlets;

/// <summary>Runs JavaScript in pages, and gives what comes of it.</summary>
[Cmdlet(VerbsLifecycle.Invoke, "SandboxPageScript")]
[OutputType(typeof(object))]
public sealed class InvokeSandboxPageScriptCommand : FanOutCmdlet
{
    /// <summary>JavaScript: statements, of which the last gives the answer, or a function, which is called. What it promises is waited for.</summary>
    [Parameter(Mandatory = true, Position = 0, HelpMessage = "JavaScript, for example document.title.")]
    [ValidateNotNullOrEmpty]
    public string Script { get; set; } = "";

    /// <summary>Pages, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, HelpMessage = "Pages, or their ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <summary>How long it may take; 30 seconds where nothing is said. A script that takes longer is ended.</summary>
    [Parameter(HelpMessage = "How long it may take: seconds, 1m or 00:00:30.")]
    [Duration]
    public TimeSpan Timeout { get; set; } = PageOptions.DefaultTimeout;

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var page in Page)
        {
            FanOut(async cancellationToken =>
            {
                var answer = await PageSession.For(Manager).EvaluateAsync(page, Script, Timeout, Observer, cancellationToken).ConfigureAwait(false);
                return () =>
                {
                    if (PageValues.ToObject(answer) is { } value)
                        WriteObject(value, enumerateCollection: true);
                };
            });
        }
    }
}
