using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Fills a field of a page.</summary>
internal sealed class BrowserTypeVerb : BrowserActionVerb
{
    private readonly Argument<string> _text = new("TEXT") { HelpName = "TEXT", Description = "What is typed; may be empty." };

    /// <summary>Creates the verb.</summary>
    public BrowserTypeVerb()
        : base(
            "type",
            "Fills a field of a page, in place of what is in it; without an element, types where the focus is.",
            "docker-sandbox browser type Milk --label Task",
            "docker-sandbox browser type 'you@example.com' --css 'input[type=email]'",
            "docker-sandbox browser type 'more words'")
    {
        Add(_text);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Type, Element = Element.Read(parse), Values = [parse.GetRequiredValue(_text)] };
}
