using System.CommandLine;

namespace FlourishaSandbox.Browser.Cli.Verbs;

/// <summary>Clicks an element of a page.</summary>
internal sealed class BrowserClickVerb : BrowserActionVerb
{
    private readonly Argument<string?> _css = new("CSS") { HelpName = "CSS", Description = "The element by CSS; or use an option.", Arity = ArgumentArity.ZeroOrOne };

    /// <summary>Creates the verb.</summary>
    public BrowserClickVerb()
        : base(
            "click",
            "Clicks an element of a page, once it is there and can be clicked.",
            "docker-sandbox browser click '#save'",
            "docker-sandbox browser click --role button --name 5",
            "docker-sandbox browser click --text Next --timeout 5s")
    {
        Add(_css);
        AddOptions();
    }

    /// <inheritdoc/>
    protected override PageAction Read(ParseResult parse) => new() { Kind = PageActionKind.Click, Element = Element.Read(parse, parse.GetValue(_css)) };
}
