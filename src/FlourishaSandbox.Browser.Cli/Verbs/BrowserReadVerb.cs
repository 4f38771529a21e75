using System.CommandLine;
using FlourishaSandbox.Browser.Cli.Json;
using FlourishaSandbox.Cli;
using FlourishaSandbox.Sandboxes;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>A verb that reads what is on a page.</summary>
internal abstract class BrowserReadVerb : BrowserVerb
{
    private readonly Argument<string?> _css = new("CSS") { HelpName = "CSS", Description = "The elements by CSS; or use an option. Default: the whole page.", Arity = ArgumentArity.ZeroOrOne };
    private readonly ElementOptions _element = new();

    /// <summary>Names a verb.</summary>
    /// <param name="name">As it is typed.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Calls for its help, the plainest first.</param>
    protected BrowserReadVerb(string name, string description, params IReadOnlyList<string> examples)
        : base(name, description, examples)
    {
        Add(_css);
        _element.AddTo(this);
        AddPageOptions();
    }

    /// <summary>What is read.</summary>
    protected abstract PageContentRequest Read(ParseResult parse);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(Session session, SandboxPages pages, CancellationToken cancellationToken)
    {
        var request = Read(session.Parse) with { Element = _element.Read(session.Parse, session.Parse.GetValue(_css)), Timeout = TimeoutOf(session) };
        var page = await FindPageAsync(session, pages, cancellationToken);
        var content = await pages.ReadAsync(page, request, session.Observer, cancellationToken);
        if (session.Json)
        {
            session.WriteDocument(new TextsDocument(page.Id, content.Texts, content.IsCut), BrowserJson.Default.TextsDocument);
            return ExitCodes.Success;
        }

        session.WriteLines(content.Texts.Select(Printable.Lines));
        if (content.IsCut)
            session.Note("The page holds more than is read at once: 1,000 elements, 1,048,576 characters of each, 8,388,608 in all.");

        return ExitCodes.Success;
    }
}
