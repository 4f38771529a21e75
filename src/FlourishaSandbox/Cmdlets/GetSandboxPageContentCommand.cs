using System.Management.Automation;
using FlourishaSandbox.Browser;
using FlourishaSandbox.Completers;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Cmdlets;

/// <summary>
/// Reads what is on pages: text, HTML, values, attributes, what people get who do not see it, the console, requests that failed. Control
/// characters of texts are U+FFFD: a terminal would obey them.
/// </summary>
[Cmdlet(VerbsCommon.Get, "SandboxPageContent")]
[OutputType(typeof(string), typeof(PageMessage), typeof(PageFailedRequest))]
public sealed class GetSandboxPageContentCommand : PageElementCmdlet
{
    /// <summary>What is wanted: of the whole page, or of each element that is meant.</summary>
    [Parameter(Position = 0, HelpMessage = "What is wanted.")]
    public PageContentForm Content { get; set; }

    /// <summary>Pages, or their ids.</summary>
    [Parameter(Mandatory = true, Position = 1, ValueFromPipeline = true, HelpMessage = "Pages, or their ids.")]
    [Alias("Id")]
    [ArgumentCompleter(typeof(PageCompleter))]
    [ValidateNotNullOrEmpty]
    public PageReference[] Page { get; set; } = [];

    /// <summary>An attribute of the elements that are meant, such as href.</summary>
    [Parameter(HelpMessage = "An attribute of the elements, for example href.")]
    [ValidateNotNullOrEmpty]
    public string? Attribute { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (var page in Page)
            FanOut(Content is PageContentForm.Console or PageContentForm.FailedRequest ? token => ReadMessagesAsync(page, token) : token => ReadAsync(page, token));
    }

    private async Task<Action> ReadAsync(PageReference page, CancellationToken cancellationToken)
    {
        var request = new PageContentRequest { Kind = Enum.Parse<PageContentKind>(Content.ToString()), Attribute = Attribute, Element = ReadElement(), Timeout = Timeout };
        var read = await Pages.ReadAsync(page, request, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            foreach (var text in read.Texts)
                WriteObject(Display.CleanLines(text));

            if (read.IsCut)
                WriteWarning($"Page {page} holds more than is read at once: 1,000 elements, 1,048,576 characters of each, 8,388,608 in all.");
        };
    }

    private async Task<Action> ReadMessagesAsync(PageReference page, CancellationToken cancellationToken)
    {
        if (ReadElement() is not null || Attribute is not null)
            throw new SandboxException(SandboxError.InvalidOption, $"{Content} is the page's, and an element is named.", Content, "Leave the element out.");

        var messages = await Pages.ReadMessagesAsync(page, Observer, cancellationToken).ConfigureAwait(false);
        return () =>
        {
            if (Content == PageContentForm.Console)
                WriteObject(messages.Messages, enumerateCollection: true);
            else
                WriteObject(messages.Requests, enumerateCollection: true);

            if (messages.Dropped > 0)
                WriteWarning($"Page {page} has said more than is kept: {messages.Dropped} earlier lines are gone.");
        };
    }
}
