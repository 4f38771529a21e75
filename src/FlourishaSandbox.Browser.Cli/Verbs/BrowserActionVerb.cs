using System.CommandLine;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>A verb that does something with a page, and says nothing where that went well.</summary>
internal abstract class BrowserActionVerb : BrowserVerb
{
    /// <summary>Names a verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help, the plainest first.</param>
    protected BrowserActionVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
    }

    /// <summary>By which an element is meant.</summary>
    protected ElementOptions Element { get; } = new();

    /// <summary>Adds the options of all such verbs.</summary>
    protected void AddOptions()
    {
        Element.AddTo(this);
        AddPageOptions();
    }

    /// <summary>What is to be done.</summary>
    protected abstract PageAction Read(ParseResult parse);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var action = Read(session.Parse) with { Timeout = TimeoutOf(session) };
        var page = await pages.ActAsync(await FindPageAsync(session, pages, cancellationToken), action, session.Observer, cancellationToken);
        if (session.Json)
            session.WriteDocument(PageDocument.For(page), BrowserJson.Default.PageDocument);

        return ExitCodes.Success;
    }
}
